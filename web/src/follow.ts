/**
 * Scrolling: the view follows new text only while the reader is at the end. Whoever scrolls up
 * stays where they are and is offered a button to the latest text.
 */

import { scrolling } from './dom';

/** Scrolling down to within this distance of the end counts as having arrived. */
const kNearEndPx = 48;
const kAtEndPx = 2;

export class Follower {
  private isActive = false;
  private following = true;
  private lastTop = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly onChange: (isFollowing: boolean) => void,
  ) {
    box.addEventListener('scroll', () => this.observe(), { passive: true });
    new ResizeObserver(() => this.keep()).observe(box);
  }

  /** After content grew: stay at the end if we were there, else only judge the place anew. */
  keep(): void {
    if (!this.isActive) return;
    if (this.following) this.box.scrollTop = this.box.scrollHeight;
    else this.observe();
  }

  toEnd(smooth = false): void {
    this.isActive = true;
    this.set(true);
    const behavior = smooth ? scrolling() : 'instant';
    this.box.scrollTo({ top: this.box.scrollHeight, behavior });
  }

  /** Shows the beginning, and follows nothing until `toEnd` is called. */
  toStart(): void {
    this.isActive = false;
    this.set(true);
    this.box.scrollTop = 0;
  }

  private observe(): void {
    if (!this.isActive) return;
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    const left = scrollHeight - scrollTop - clientHeight;
    const moved = scrollTop - this.lastTop;
    this.lastTop = scrollTop;
    if (left <= kAtEndPx || (moved > 0 && left <= kNearEndPx)) this.set(true);
    else if (moved < 0) this.set(false);
  }

  private set(following: boolean): void {
    if (following === this.following) return;
    this.following = following;
    this.onChange(following);
  }
}
