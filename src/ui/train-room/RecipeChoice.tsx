import { type ReactNode, useId } from 'react';
import { durationText } from '../../base/duration-text.ts';
import type { RecipeName } from '../../base/recipes.ts';
import { knownSeconds } from '../../state/estimates.ts';
import type { SettingsForm } from '../../state/settings-form.ts';
import { useRun } from '../studio.ts';
import type { TrainPlan } from './use-train-plan.ts';

interface RecipeText {
  readonly recipe: SettingsForm['recipe'];
  readonly label: string;
  /** One plain sentence that fits into a line. */
  readonly about: string;
}

const RECIPES: readonly (RecipeText & { readonly recipe: RecipeName })[] = [
  { recipe: 'quick', label: 'Quick', about: 'The backbone stays as it is.' },
  { recipe: 'standard', label: 'Standard', about: 'The backbone learns, carefully.' },
  { recipe: 'full', label: 'Full', about: 'All as DETR was trained: long.' },
];

const NONE: RecipeText = { recipe: 'none', label: 'Own', about: 'The settings below, as they are.' };

export interface RecipeChoiceProps {
  readonly plan: TrainPlan;
  /** The recipe of the run that goes on, or of the next one. */
  readonly shown: SettingsForm['recipe'];
  readonly disabled: boolean;
  readonly onChoose: (recipe: RecipeName) => void;
}

/** How long and how thoroughly: the first choice of a run, with what each takes on this device where that is known. */
export function RecipeChoice({ plan, shown, disabled, onChoose }: RecipeChoiceProps): ReactNode {
  const speeds = useRun((state) => state.speeds);
  const group = useId();
  const time = (recipe: RecipeName): string | null => {
    const of = disabled ? null : plan.caseOfRecipe(recipe);
    const seconds = of === null ? null : knownSeconds(speeds, of);
    return seconds === null ? null : durationText(seconds);
  };
  const row = ({ recipe, label, about }: RecipeText): ReactNode => {
    const named = `${group}-${recipe}`;
    const described = `${named}-about`;
    const takes = recipe === 'none' ? null : time(recipe);
    return (
      <label key={recipe} className="recipe" data-chosen={shown === recipe}>
        <input
          type="radio"
          name={group}
          aria-labelledby={named}
          aria-describedby={described}
          checked={shown === recipe}
          disabled={disabled}
          onChange={() => recipe !== 'none' && onChoose(recipe)}
        />
        <span className="recipe-name" id={named}>
          {label}
        </span>
        <span className="recipe-side" id={described}>
          <span className="recipe-figures">
            {shown === recipe && !disabled && plan.isChanged && <span className="recipe-changed">changed</span>}
            {takes !== null && <span>about {takes}</span>}
          </span>
          <span className="small muted recipe-about">{about}</span>
        </span>
      </label>
    );
  };
  return (
    <fieldset className="recipes">
      <legend>Recipe</legend>
      {RECIPES.map(row)}
      {shown === 'none' && row(NONE)}
    </fieldset>
  );
}
