import { useMemo } from 'react';
import { RECIPE_NAMES, type RecipeName } from '../../base/recipes.ts';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { type EstimateCase, modelKey, speedKey } from '../../state/estimates.ts';
import { elsewhereSentence, isActive, type MeasurableStart, type RunStart } from '../../state/run.ts';
import { proposeName } from '../../state/run-names.ts';
import { type CheckedSettings, checkSettings } from '../../state/settings.ts';
import {
  differsFromRecipe,
  evalPictures,
  proposedForm,
  type SettingsForm,
  withRecipe,
} from '../../state/settings-form.ts';
import { formSet } from '../../state/train-form.ts';
import { type NamedWeights, stemsFromBundled } from '../../state/weights-choices.ts';
import { useAdapter, useLibrary, useRun, useRuns, useTrainForm } from '../studio.ts';

/** The next run as the form stands. */
export interface TrainPlan {
  readonly set: DataSetSummary | null;
  readonly from: NamedWeights;
  readonly form: SettingsForm;
  readonly checked: CheckedSettings;
  readonly software: boolean;
  /** Whether something that the recipe says was changed. */
  readonly isChanged: boolean;
  /** The case of each recipe as it would be if it were chosen; the chosen one as the form stands. Null as in `caseOf`. */
  caseOfRecipe(recipe: RecipeName): EstimateCase | null;
  /** The next run, and those of the other recipes whose steps may take another time; empty while the next can't start. */
  measurable(): readonly MeasurableStart[];
  /** A name that no kept run has. */
  proposeName(stem: string): string;
  readonly name: string;
  /** What its speed depends on; null while something of it is not known. */
  caseOf(checked: CheckedSettings): EstimateCase | null;
  /** What starts it; null while something of it is not known or wrong. */
  startOf(checked: CheckedSettings, name: string): RunStart | null;
  /** Why nothing can start now, as a sentence, or null. */
  readonly obstacle: string | null;
}

/** Puts together what the adapter, the set and the person make of the next run. */
export function useTrainPlan(): TrainPlan {
  const report = useAdapter((state) => state.report);
  const sets = useLibrary((state) => state.sets);
  const shownId = useLibrary((state) => state.chosenId);
  const runs = useRuns((state) => state.runs);
  const phase = useRun((state) => state.phase);
  const elsewhere = useRun((state) => state.elsewhere);
  const estimating = useRun((state) => state.estimating);
  const dataSetId = useTrainForm((state) => state.dataSetId);
  const from = useTrainForm((state) => state.from);
  const typedName = useTrainForm((state) => state.name);
  const changed = useTrainForm((state) => state.changed);

  const set = formSet(sets, dataSetId, shownId);
  const software = report?.software === true;
  const bundled = stemsFromBundled(from.source, runs);
  const fit = useMemo(() => ({ software, set, bundled }), [software, set, bundled]);
  const form = useMemo(() => ({ ...proposedForm(fit, changed), ...changed }), [fit, changed]);
  const checked = useMemo(() => checkSettings(form), [form]);
  const propose = (stem: string): string => proposeName(stem, runs?.map(({ name }) => name) ?? []);
  const caseOf = (of: CheckedSettings): EstimateCase | null => {
    if (!of.ok || set === null || report === null) return null;
    const { settings } = of;
    return {
      adapter: report.name,
      model: modelKey(from.source),
      evalPictures: evalPictures(set),
      settings,
    };
  };
  const caseOfRecipe = (recipe: RecipeName): EstimateCase | null => {
    if (recipe === form.recipe) return caseOf(checked);
    const typed = withRecipe(changed, recipe);
    return caseOf(checkSettings({ ...proposedForm(fit, typed), ...typed }));
  };
  return {
    set,
    from,
    form,
    checked,
    software,
    isChanged: differsFromRecipe(form, fit),
    caseOfRecipe,
    measurable: () => {
      const own = caseOf(checked);
      if (own === null || set === null) return [];
      const cases = [own];
      for (const each of RECIPE_NAMES.flatMap((recipe) => caseOfRecipe(recipe) ?? [])) {
        if (cases.every((known) => speedKey(known) !== speedKey(each))) cases.push(each);
      }
      const { id, name } = set;
      return cases.map((measuredAs) => ({
        ...{ name, dataSet: { id, name }, from: from.source },
        settings: measuredAs.settings,
        measuredAs,
      }));
    },
    proposeName: propose,
    name: typedName ?? propose(set?.name ?? 'run'),
    caseOf,
    startOf: (of, name) => {
      if (!of.ok || set === null) return null;
      const { id, name: setName } = set;
      const { settings } = of;
      return { name, dataSet: { id, name: setName }, from: from.source, settings, measuredAs: caseOf(of) };
    },
    obstacle: isActive(phase)
      ? null
      : elsewhere !== null
        ? elsewhereSentence(elsewhere)
        : estimating
          ? 'Steps are being measured for the estimate.'
          : set !== null && ((set.splits.train ?? 0) === 0 || set.classes.length === 0)
            ? `“${set.name}” has no pictures to train on: label some of its pictures, or choose another set.`
            : null,
  };
}
