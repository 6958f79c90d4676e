import { type StudioError, toStudioError } from '../base/errors.ts';
import type { CheckpointKind, RunStore, TrainEvent } from './types.ts';

/**
 * Saves checkpoints while training goes on, one at a time. A save that finds no room is told as a notice, once in a row:
 * the checkpoint before it stays, and so does the run.
 */
export class CheckpointSaver {
  #going: Promise<void> = Promise.resolve();
  #refused: StudioError | null = null;

  constructor(
    private readonly store: RunStore,
    private readonly onEvent: (event: TrainEvent) => void,
  ) {}

  /** Begins a save once the one before is over; the files must not change any more. Throws what that one threw. */
  async save(kind: CheckpointKind, step: number, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await this.#going;
    this.#going = this.#save(kind, step, files);
    // It is awaited by the next save or at the end.
    this.#going.catch(() => {});
  }

  /** Waits for the save in hand. Throws `storage` where the newest of the last checkpoints could not be kept. */
  async finish(): Promise<void> {
    await this.#going;
    if (this.#refused) throw this.#refused;
  }

  /** Waits for the save in hand, whatever comes of it. */
  async settle(): Promise<void> {
    await this.#going.catch(() => {});
  }

  async #save(kind: CheckpointKind, step: number, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    try {
      await this.store.saveCheckpoint(kind, files);
    } catch (thrown) {
      const error = toStudioError(thrown);
      if (error.code !== 'storage') throw error;
      const isNews = this.#refused === null;
      if (kind === 'last') this.#refused = error;
      const sentence = `The ${kind} checkpoint of step ${step} could not be kept. ${error.message}`;
      const message = `${sentence} Training goes on, and the checkpoint before it stays.`;
      if (isNews) this.onEvent({ type: 'notice', message });
      return;
    }
    const message = `Checkpoints are kept again, as of step ${step}.`;
    if (kind === 'last' && this.#refused) this.onEvent({ type: 'notice', message });
    if (kind === 'last') this.#refused = null;
    this.onEvent({ type: 'checkpoint', step, kind });
  }
}
