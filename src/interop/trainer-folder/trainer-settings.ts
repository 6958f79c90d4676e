/** What the Hugging Face Trainer is to train with: the settings of a run, as far as it has them. */
export interface TrainerSettings {
  readonly steps: number;
  readonly batch: number;
  readonly accumulate: number;
  /** Shortest edge in pixels. */
  readonly size: number;
  readonly lr: number;
  readonly lrBackbone: number;
  readonly weightDecay: number;
  readonly clip: number;
  readonly dropout: number;
  readonly schedule: 'constant' | 'step' | 'cosine';
  readonly warmupSteps: number;
  readonly lrDrop: number | null;
  readonly headSteps: number;
  readonly freezeBackbone: boolean;
  readonly freezeEncoder: boolean;
  readonly seed: number;
}

/** The settings in the Trainer's own terms, for a data set. */
export interface TrainerArguments {
  readonly epochs: number;
  /** Pictures a step, on all cards together. */
  readonly picturesPerStep: number;
  /** Longest edge: pictures are scaled to it and padded to a square. */
  readonly squareSize: number;
}
