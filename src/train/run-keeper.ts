import { StudioError } from '../base/errors.ts';
import { changeRun, runBytes } from './kept-runs.ts';
import type { RunDatabase, RunSummary } from './types.ts';

/** How often the figures of a run that goes on are written; what matters after a crash is written at once. */
const WRITE_EVERY_MS = 1000;

/** What of a run's summary training changes. Its name and note are people's, and may change meanwhile. */
export type TrainedFigures = Partial<
  Pick<RunSummary, 'status' | 'message' | 'stepsDone' | 'checkpointStep' | 'seconds' | 'best' | 'bytes'>
>;

/** Keeps the summary of a run that goes on up to date, in few writes and never two at once. */
export class RunKeeper {
  #figures: TrainedFigures = {};
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: RunDatabase,
    private readonly id: string,
    private readonly now: () => number,
  ) {}

  /** Notes what changed; it is written within a second of training. */
  change(figures: TrainedFigures): void {
    this.#figures = { ...this.#figures, ...figures };
    if (this.now() - this.#writtenAt >= WRITE_EVERY_MS) this.#write();
  }

  /** A checkpoint of `step` stands from now on. */
  checkpointed(step: number): void {
    this.#figures = { ...this.#figures, checkpointStep: step };
    this.#write({ isLarger: true });
  }

  /** Writes the last figures; resolves when they are kept. */
  async finish(figures: TrainedFigures): Promise<void> {
    this.#figures = { ...this.#figures, ...figures };
    this.#write({ isLarger: true });
    await this.#writing;
  }

  #write({ isLarger = false } = {}): void {
    const figures = this.#figures;
    this.#figures = {};
    this.#writtenAt = this.now();
    this.#writing = this.#writing.then(async () => {
      try {
        await changeRun(this.database, this.id, ({ summary, run }) => ({ run, summary: { ...summary, ...figures } }));
        if (isLarger) await this.#measure();
      } catch (error) {
        // Figures that find no room go with the next ones: the checkpoints say that the storage is full.
        if (!(error instanceof StudioError) || error.code !== 'storage') throw error;
        this.#figures = { ...figures, ...this.#figures };
      }
    });
    // What it throws comes out at the end.
    this.#writing.catch(() => {});
  }

  async #measure(): Promise<void> {
    const { summary } = (await this.database.runs.get([this.id])) ?? {};
    if (summary === undefined) return;
    const bytes = await runBytes(this.database, this.id, summary.stepsDone);
    await changeRun(this.database, this.id, (record) => ({ ...record, summary: { ...record.summary, bytes } }));
  }
}
