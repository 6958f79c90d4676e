import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { RecipeName } from '../../base/recipes.ts';
import { isActive } from '../../state/run.ts';
import { checkSettings } from '../../state/settings.ts';
import { formOf, overfitForm, type SettingsField, type SettingsForm } from '../../state/settings-form.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useAdapter, useLibrary, useRun, useTrainForm } from '../studio.ts';
import { ClassRowsField } from './ClassRowsField.tsx';
import { DataSetChoice } from './DataSetChoice.tsx';
import { EstimateCard } from './EstimateCard.tsx';
import { MORE_FIELDS, RATE_FIELDS } from './fields.ts';
import { RecipeChoice } from './RecipeChoice.tsx';
import { SettingsFields } from './SettingsFields.tsx';
import { StartChoice } from './StartChoice.tsx';
import { usePlannedRows } from './use-planned-rows.ts';
import { useTrainPlan } from './use-train-plan.ts';

/** What the next run will be: a proposal that fits adapter and set, changed as one likes, checked before it starts. */
export function TrainForm(): ReactNode {
  const report = useAdapter((state) => state.report);
  const active = useRun((state) => isActive(state.phase));
  const start = useRun((state) => state.start);
  const changeForm = useTrainForm((state) => state.change);
  const chooseRecipe = useTrainForm((state) => state.chooseRecipe);
  const setName = useTrainForm((state) => state.setName);
  const setOpen = useTrainForm((state) => state.showAll);
  const plan = useTrainPlan();
  const rows = usePlannedRows(plan);
  const going = useGoingRun();
  const estimating = useRun((state) => state.estimating);
  const [problems, setProblems] = useState<Readonly<Partial<Record<SettingsField, string>>>>({});
  const [refused, setRefused] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const reasonId = useId();

  useEffect(() => {
    if (refused === 0) return;
    let frame = 0;
    // What stands behind "All settings" is drawn, and takes the focus, only once that part has begun to open.
    const focusFirst = (framesLeft: number): void => {
      const field = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? null;
      field?.focus();
      if (framesLeft === 0 || (field !== null && field === document.activeElement)) return;
      frame = requestAnimationFrame(() => focusFirst(framesLeft - 1));
    };
    focusFirst(30);
    return () => cancelAnimationFrame(frame);
  }, [refused]);

  const change = (part: Partial<SettingsForm>): void => {
    changeForm(part);
    const left = { ...problems };
    for (const field of Object.keys(part)) delete left[field as SettingsField];
    setProblems(left);
  };
  const choose = (recipe: RecipeName): void => {
    chooseRecipe(recipe);
    setProblems({});
  };
  const begin = (form: SettingsForm, name: string): void => {
    const checked = checkSettings(form);
    setProblems(checked.ok ? {} : checked.problems);
    if (!checked.ok) {
      setRefused(refused + 1);
      if ([...RATE_FIELDS, ...MORE_FIELDS].some(({ field }) => checked.problems[field] !== undefined)) setOpen(true);
      return;
    }
    const made = plan.startOf(checked, name);
    if (made === null) return;
    setOpen(false);
    setName(null);
    void start({ ...made, classMap: rows.chosen });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin(plan.form, plan.name.trim() === '' ? plan.proposeName(plan.set?.name ?? 'run') : plan.name.trim());
  };
  const overfit = (): void =>
    begin(overfitForm(plan.form, plan.software), plan.proposeName(`${plan.set?.name ?? 'run'}, 8 pictures`));

  const blocked = active || report === null || plan.set === null || plan.obstacle !== null;
  return (
    <form className="train-form" ref={element} onSubmit={submit} noValidate>
      <RecipeChoice plan={plan} shown={going?.form.recipe ?? plan.form.recipe} disabled={active} onChoose={choose} />
      <DataSetChoice set={going?.set ?? plan.set} disabled={active} />
      <StartChoice disabled={active} />
      <ClassRowsField rows={rows} names={going?.set?.classes ?? plan.set?.classes ?? []} disabled={active} />
      <SettingsFields form={going?.form ?? plan.form} problems={problems} disabled={active} onChange={change} />
      <TextInput
        size="sm"
        label="Name of the run"
        autoComplete="off"
        disabled={active}
        maxLength={120}
        value={going?.name ?? plan.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {!active && <EstimateCard plan={plan} disabled={blocked} />}
      <AdapterFault />
      <Button type="submit" disabled={blocked} {...(plan.obstacle === null ? {} : { 'aria-describedby': reasonId })}>
        Start training
      </Button>
      {plan.obstacle !== null && (
        // The estimate's card says the same, and nothing below it is to move.
        <p className={estimating ? 'only-read-aloud' : 'small'} id={reasonId}>
          {plan.obstacle}
        </p>
      )}
      {!active && (
        <div className="overfit">
          <Button variant="default" size="compact-sm" disabled={blocked} onClick={overfit}>
            Overfit 8 pictures
          </Button>
          <p className="small muted">
            A first test of a set: a model that cannot learn eight of its pictures by heart has wrong boxes or labels.
          </p>
        </div>
      )}
      {!active && <AdapterNote />}
    </form>
  );
}

/** What goes on, so that the form shows it and not the next run; null where nothing does. */
function useGoingRun() {
  const active = useRun((state) => isActive(state.phase));
  const name = useRun((state) => state.name);
  const settings = useRun((state) => state.log.settings);
  const dataSet = useRun((state) => state.dataSet);
  const sets = useLibrary((state) => state.sets);
  if (!active || settings === null) return null;
  return { name, form: formOf(settings), set: sets?.find(({ id }) => id === dataSet?.id) ?? null };
}

/** Why there is nothing to train on. Where there is no WebGPU at all, the room's head says what to do. */
function AdapterFault(): ReactNode {
  const error = useAdapter((state) => state.error);
  const askAgain = useAdapter((state) => state.ask);
  if (error === null) return null;
  return (
    <ErrorNote
      title={error.code === 'gpu-unavailable' ? 'No graphics adapter' : 'Training cannot start'}
      message={error.message}
    >
      <Button size="compact-sm" variant="default" mt={8} onClick={() => void askAgain()}>
        Look again
      </Button>
    </ErrorNote>
  );
}

/** On what it will train, and what to do where that looks like the weaker one of two. */
function AdapterNote(): ReactNode {
  const report = useAdapter((state) => state.report);
  const advice = useAdapter((state) => state.advice);
  if (report === null) return null;
  if (report.software) {
    return (
      <p className="said">
        This adapter, {report.name}, computes on the processor, so a short run with batch 1 at 160 px is proposed: it
        shows the whole way in a few minutes.
      </p>
    );
  }
  return advice === null ? (
    <p className="small muted">Trains on {report.name}.</p>
  ) : (
    <p className="said">
      Trains on {report.name}. {advice}
    </p>
  );
}
