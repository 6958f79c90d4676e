import type { Page } from 'playwright';

declare global {
  interface Window {
    /** Calls back into the page by its workers, so far. */
    callbacks?: number;
  }
}

/**
 * Runs in the page, before its own script: counts what comes through message ports, which is where workers tell how far
 * they are. Answers to questions come through the workers themselves, and are not counted.
 */
export function countMessages(): void {
  window.callbacks = 0;
  const seen = new WeakSet<EventTarget>();
  const start = MessagePort.prototype.start;
  MessagePort.prototype.start = function (this: MessagePort): void {
    if (!seen.has(this)) {
      seen.add(this);
      this.addEventListener('message', () => {
        window.callbacks = (window.callbacks ?? 0) + 1;
      });
    }
    start.call(this);
  };
}

/** How often the workers have called back so far. */
export function messages(page: Page): Promise<number> {
  return page.evaluate(() => window.callbacks ?? 0);
}
