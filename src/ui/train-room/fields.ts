import type { SettingsField } from '../../state/settings.ts';

export interface FieldText {
  readonly field: Exclude<SettingsField, 'freezeBackbone'>;
  readonly label: string;
  readonly unit?: string;
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

/** What stands behind "All settings". */
export const MORE_FIELDS: readonly FieldText[] = [
  { field: 'lr', label: 'Learning rate', about: 'How far each step moves the transformer and the heads.' },
  {
    field: 'lrBackbone',
    label: 'Backbone rate',
    about: 'The same for the backbone, which knows pictures already and should move less.',
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
    field: 'evalImages',
    label: 'Pictures per evaluation',
    about: 'Of the 80 validation pictures; fewer are quicker and make AP50 rougher.',
  },
  { field: 'seed', label: 'Seed', about: 'The same seed on the same computer gives the same run.' },
];
