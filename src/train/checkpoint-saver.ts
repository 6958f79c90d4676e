import { StudioError, toStudioError } from '../base/errors.ts';
import type { CheckpointKind, RunStore, TrainEvent } from './types.ts';

/**
 * Saves checkpoints while training goes on, one at a time. A save that finds no room does not end the run: the checkpoint
 * before it stays, and that is told as a notice, once in a row.
 */
export class CheckpointSaver {
  #going: Promise<void> = Promise.resolve();
  #refused: StudioError | null = null;
  #untold: StudioError | null = null;

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

  /** Training went on after what was saved so far: a save that found no room meanwhile is told. */
  wentOn(): void {
    if (!this.#untold) return;
    const message = `${this.#untold.message} Training goes on, and the checkpoint before it stays.`;
    this.#untold = null;
    this.onEvent({ type: 'notice', message });
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
      const sentence = `The ${kind} checkpoint of step ${step} could not be kept. ${error.message}`;
      const refused = new StudioError('storage', sentence, error.details, { cause: error });
      if (this.#refused === null) this.#untold = refused;
      if (kind === 'last') this.#refused = refused;
      return;
    }
    if (kind === 'last' && this.#refused) {
      const wasTold = this.#untold === null;
      this.#refused = null;
      this.#untold = null;
      if (wasTold) this.onEvent({ type: 'notice', message: `Checkpoints are kept again, as of step ${step}.` });
    }
    this.onEvent({ type: 'checkpoint', step, kind });
  }
}
