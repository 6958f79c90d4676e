import type { RunColumn } from '../../state/runs-order.ts';

export interface Column {
  readonly column: RunColumn;
  readonly title: string;
  /** What the title leaves out. */
  readonly explained?: string;
  /** Numbers stand at the right. */
  readonly figure: boolean;
  /** Where the screen is narrow, what it says stands elsewhere in the row or is left out. */
  readonly wideOnly: boolean;
}

export const COLUMNS: readonly Column[] = [
  { column: 'name', title: 'Run', figure: false, wideOnly: false },
  { column: 'dataSet', title: 'Data', figure: false, wideOnly: true },
  { column: 'from', title: 'Start', explained: 'The weights that it started from', figure: false, wideOnly: true },
  { column: 'status', title: 'Status', figure: false, wideOnly: true },
  { column: 'steps', title: 'Steps', explained: 'Steps taken of all', figure: true, wideOnly: true },
  { column: 'ap50', title: 'AP50', explained: 'Best VOC AP at an overlap of 0.5', figure: true, wideOnly: false },
  { column: 'ap', title: 'AP', explained: 'COCO AP of the same evaluation', figure: true, wideOnly: true },
  { column: 'seconds', title: 'Time', explained: 'Training time, pauses left out', figure: true, wideOnly: true },
  { column: 'started', title: 'When', figure: true, wideOnly: true },
  { column: 'bytes', title: 'Size', explained: 'On disk, checkpoints included', figure: true, wideOnly: true },
];
