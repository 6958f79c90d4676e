import { CLASS_COLOURS } from '../../base/class-colours.ts';
import type { ChartLine } from './chart-line.ts';

/** The lines of a run's charts: the same while it goes on and when it is looked at later. */
export const LOSS_LINES: readonly ChartLine[] = [
  { label: 'total, each step', colour: '--d-text', faint: true },
  { label: 'total', colour: '--d-text' },
  { label: 'class', colour: CLASS_COLOURS[0] },
  { label: 'box L1', colour: CLASS_COLOURS[1] },
  { label: 'GIoU', colour: CLASS_COLOURS[2] },
];
export const AP_LINES: readonly ChartLine[] = [
  { label: 'AP50', colour: '--d-accent', points: true },
  { label: 'AP', colour: CLASS_COLOURS[4], points: true },
];
export const LR_LINES: readonly ChartLine[] = [{ label: 'Learning rate', colour: CLASS_COLOURS[3] }];
export const NORM_LINES: readonly ChartLine[] = [{ label: 'Gradient norm', colour: CLASS_COLOURS[4] }];
