/**
 * One paint per animation frame, however many frames arrive from the server. A hidden tab gets no
 * animation frames, so there a timer paints twice a second and the page never falls behind.
 */

const kHiddenTabMs = 500;

export class Painter {
  private readonly jobs = new Map<object, () => void>();
  private frame = 0;
  private timer = 0;

  /** Runs `job` with the next paint; the latest job of a `subject` replaces its earlier ones. */
  request(subject: object, job: () => void): void {
    this.jobs.set(subject, job);
    if (this.jobs.size > 1) return;
    this.frame = requestAnimationFrame(() => this.flush());
    this.timer = window.setTimeout(() => this.flush(), kHiddenTabMs);
  }

  private flush(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    for (const job of jobs) job();
  }
}
