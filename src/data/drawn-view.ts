import type { Augment } from '../base/augment.ts';
import type { Size } from '../base/boxes.ts';
import { viewTarget } from './apply-view.ts';
import { trainingView } from './training-view.ts';
import { type LabelledBoxes, labelsOf, resizeBoxes } from './transforms.ts';
import type { PreprocessorConfig, Sample, Target } from './types.ts';
import type { ViewPlan } from './view-plan.ts';

/** What a run's views are drawn by. */
export interface ViewDrawing {
  readonly augment: Augment;
  readonly seed: number;
  readonly preprocessor: PreprocessorConfig;
  /** Label ids by class name. */
  readonly classes: ReadonlyMap<string, number>;
}

/** The view of a sample that is drawn as number `drawn` of the run, for its picture as it is kept, and what is learnt from it. */
export function drawnView(
  { objects, size }: Sample,
  kept: Size,
  drawn: number,
  { augment, seed, preprocessor, classes }: ViewDrawing,
): { readonly plan: ViewPlan; readonly target: Target } {
  const labels = labelsOf(objects, size, classes);
  const onKept = boxesOn(kept, labels);
  const plan = trainingView(augment, seed, drawn, onKept, preprocessor, size);
  // Fractions of the whole picture need not go by way of the kept one's pixels.
  return { plan, target: viewTarget(plan.crop === null ? labels : onKept, plan) };
}

function boxesOn(kept: Size, labels: LabelledBoxes): LabelledBoxes {
  return kept.h === labels.size.h && kept.w === labels.size.w ? labels : resizeBoxes(labels, kept);
}
