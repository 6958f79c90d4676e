import type { Augment } from '../../base/augment.ts';
import type { NumberField } from '../../state/settings-form.ts';

export interface FieldText {
  readonly field: NumberField;
  readonly label: string;
  readonly unit?: string;
  /** What an empty field stands for. */
  readonly empty?: string;
  /** One plain sentence; the fields that everybody sets need none. */
  readonly about?: string;
}

/** The fields that everybody sets, in the order that people think. */
export const MAIN_FIELDS: readonly FieldText[] = [
  { field: 'steps', label: 'Steps' },
  { field: 'size', label: 'Image size', unit: 'px' },
  { field: 'batch', label: 'Batch' },
  { field: 'evalEvery', label: 'Evaluate every', unit: 'steps' },
];

/** What stands first behind "All settings", before the schedule. */
export const RATE_FIELDS: readonly FieldText[] = [
  { field: 'lr', label: 'Learning rate', about: 'How far each step moves the transformer and the heads.' },
  {
    field: 'lrBackbone',
    label: 'Backbone rate',
    about: 'The same for the backbone, which knows pictures already and should move less.',
  },
];

/** How the rates go over the run. */
export const SCHEDULE_TEXT = {
  label: 'Schedule',
  about: {
    constant: 'The rates stay as they are to the end.',
    step: 'The rates drop to a tenth once, which lets a run settle.',
    cosine: 'The rates fall along half a cosine, slowly at first, to nothing at the end.',
  },
  names: { constant: 'Constant', step: 'One drop', cosine: 'Cosine' },
} as const;

/** What stands behind it. */
export const MORE_FIELDS: readonly FieldText[] = [
  {
    field: 'lrDrop',
    label: 'Rates drop at step',
    empty: 'two thirds of the run',
    about: 'After it both rates are a tenth.',
  },
  {
    field: 'warmupSteps',
    label: 'Warm-up',
    unit: 'steps',
    about: 'The rates rise from near nothing over so many steps, so that the first ones break nothing.',
  },
  {
    field: 'headSteps',
    label: 'Class head alone',
    unit: 'steps',
    about: 'At first only the layer that names classes is trained: it knows nothing of new ones yet.',
  },
  {
    field: 'weightDecay',
    label: 'Weight decay',
    about: 'Pulls weights towards zero, so that the model does not memorise.',
  },
  {
    field: 'clip',
    label: 'Clip',
    about: 'Gradients with a larger norm are scaled down to it; 0 leaves them as they are.',
  },
  { field: 'dropout', label: 'Dropout', about: 'The share of activations that is left out at random while training.' },
  {
    field: 'accumulate',
    label: 'Accumulate',
    about: 'Each step adds up the gradients of so many batches: a larger batch in the same memory, and as much longer.',
  },
  {
    field: 'evalImages',
    label: 'Pictures per evaluation',
    empty: 'all',
    about: 'The first so many of the validation pictures; fewer are quicker and make AP50 rougher.',
  },
  {
    field: 'checkpointEvery',
    label: 'Save every',
    unit: 'steps',
    empty: 'as evaluated',
    about: 'From the last one that was saved a run goes on after a crash.',
  },
  {
    field: 'overfitPictures',
    label: 'Only the first pictures',
    empty: 'whole set',
    about: 'Trains and evaluates on the first so many alone, to see whether they can be learnt at all.',
  },
  {
    field: 'maxSeconds',
    label: 'Time limit',
    unit: 's',
    empty: 'none',
    about: 'The run takes only the steps that fit into it, as measured on its first ones.',
  },
  {
    field: 'views',
    label: 'Views a picture',
    about: 'With a frozen backbone: as it is, mirrored, and so many crops of it. More take longer once, and more room.',
  },
  { field: 'seed', label: 'Seed', about: 'The same seed on the same computer gives the same run.' },
];

/** The choice of what is done to the pictures. */
export const AUGMENT_TEXT: {
  readonly label: string;
  readonly names: Readonly<Record<Augment, string>>;
  readonly about: Readonly<Record<Augment, string>>;
  /** What it makes of the pictures. */
  readonly views: Readonly<Record<Augment, string>>;
} = {
  label: 'Vary the pictures',
  names: { none: 'Not at all', flip: 'Mirror', detr: 'Mirror, scale and crop' },
  about: {
    none: 'For what has a left and a right, such as letters and traffic signs.',
    flip: 'Half of the pictures are mirrored, drawn anew each time.',
    detr: 'As DETR was trained: for long runs, where the same pictures would be learnt by heart.',
  },
  views: {
    none: 'as they are',
    flip: 'half of them mirrored',
    detr: 'mirrored, at many scales, half of them cut out',
  },
};
