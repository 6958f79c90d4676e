import type { StudioError } from '../base/errors.ts';

/**
 * What a device has reported and nobody has heard of yet. A program that was not compiled fails each command that uses it,
 * and those are reported before it is known why: as long as a cause may be found, they are put aside.
 */
export class DeviceFailure {
  #failure: StudioError | null = null;
  #aside: StudioError | null = null;
  #lost = false;
  #awaited = 0;

  /** Takes what the device refused; the first counts. */
  report(error: StudioError): void {
    if (this.#awaited > 0) this.#aside ??= error;
    else this.#failure ??= error;
  }

  /** The device is gone, whatever was reported before. */
  lose(error: StudioError): void {
    this.#failure = error;
    this.#lost = true;
  }

  /** Takes the answer to whether something failed, which is then the cause of whatever is reported meanwhile. */
  async expect(answer: Promise<StudioError | null>): Promise<void> {
    this.#awaited++;
    // A lost device does not answer; its loss is told by itself.
    const cause = await answer.catch(() => null);
    this.#awaited--;
    if (cause) {
      this.#aside = null;
      if (!this.#lost) this.#failure = cause;
    }
    if (this.#awaited > 0) return;
    this.#failure ??= this.#aside;
    this.#aside = null;
  }

  /** Throws what was reported since the last call; a loss again and again. */
  throwIfFailed(): void {
    const error = this.#failure;
    if (!error) return;
    if (!this.#lost) this.#failure = null;
    throw error;
  }
}
