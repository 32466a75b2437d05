/**
 * What the server says about itself: asked for until it answers, and again every two seconds
 * while it is still warming up.
 */

import { api, type PageInfo } from './api';
import { backoffMs } from './backoff';

const kWarmingMs = 2_000;

export class PageInfoLoader {
  private attempt = 0;
  private timer = 0;

  constructor(
    private readonly loaded: (page: PageInfo) => void,
    private readonly failed: () => void,
  ) {}

  async load(): Promise<void> {
    clearTimeout(this.timer);
    try {
      const page = await api.page();
      this.attempt = 0;
      if (!page.ready) this.again(kWarmingMs);
      this.loaded(page);
    } catch {
      this.again(backoffMs(this.attempt));
      this.attempt += 1;
      this.failed();
    }
  }

  private again(inMs: number): void {
    this.timer = window.setTimeout(() => void this.load(), inMs);
  }
}
