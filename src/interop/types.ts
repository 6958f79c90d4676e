/** Which weights are meant: those that came with the studio, those of a run in this browser, or files that a person gave. */
export type WeightsSource =
  | { readonly kind: 'bundled' }
  | { readonly kind: 'run'; readonly runId: string; readonly checkpoint: 'last' | 'best' }
  /** A `.safetensors` with or without its config.json, the files of a folder, or a zip of one. */
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: readonly { readonly path: string; readonly file: Blob }[];
    };
