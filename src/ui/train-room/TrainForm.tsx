import { Button, Collapse, Switch, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { isActive } from '../../state/run.ts';
import {
  checkSettings,
  DEFAULT_FORM,
  type SettingsField,
  type SettingsForm,
  SOFTWARE_FORM,
} from '../../state/settings.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useAdapter, useRun, useTrainForm } from '../studio.ts';
import { type FieldText, MAIN_FIELDS, MORE_FIELDS } from './fields.ts';

/** What the next run will be: a proposal that fits the adapter, changed as one likes, checked before it starts. */
export function TrainForm(): ReactNode {
  const report = useAdapter((state) => state.report);
  const adapterError = useAdapter((state) => state.error);
  const askAgain = useAdapter((state) => state.ask);
  const phase = useRun((state) => state.phase);
  const start = useRun((state) => state.start);
  const changed = useTrainForm((state) => state.changed);
  const changeForm = useTrainForm((state) => state.change);
  const open = useTrainForm((state) => state.showsAll);
  const setOpen = useTrainForm((state) => state.showAll);
  const [problems, setProblems] = useState<Readonly<Partial<Record<SettingsField, string>>>>({});
  const [refused, setRefused] = useState(0);
  const element = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (refused > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refused]);

  const software = report?.software === true;
  const form: SettingsForm = { ...(software ? SOFTWARE_FORM : DEFAULT_FORM), ...changed };
  const active = isActive(phase);

  const change = (part: Partial<SettingsForm>): void => {
    changeForm(part);
    const left = { ...problems };
    for (const field of Object.keys(part)) delete left[field as SettingsField];
    setProblems(left);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const checked = checkSettings(form);
    setProblems(checked.ok ? {} : checked.problems);
    if (checked.ok) {
      setOpen(false);
      void start(checked.settings);
      return;
    }
    setRefused(refused + 1);
    if (MORE_FIELDS.some(({ field }) => checked.problems[field] !== undefined)) setOpen(true);
  };
  const input = ({ field, label, unit, about }: FieldText): ReactNode => (
    <TextInput
      key={field}
      size="sm"
      label={label}
      {...(about === undefined
        ? {}
        : { description: about, inputWrapperOrder: ['label', 'input', 'description', 'error'] })}
      {...(unit === undefined
        ? {}
        : { rightSection: <span className="small muted">{unit}</span>, rightSectionWidth: 48 })}
      inputMode="decimal"
      autoComplete="off"
      disabled={active || (field === 'lrBackbone' && form.freezeBackbone)}
      value={form[field]}
      error={problems[field] ?? null}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  );

  return (
    <form className="train-form" ref={element} onSubmit={submit} noValidate>
      <Given label="Data set" value="emoji-scenes" note="320 / 80 images" />
      <Given label="Start from" value="tiny, pretrained" note="36 classes" />
      <div className="two-fields">{MAIN_FIELDS.map(input)}</div>
      <div>
        <UnstyledButton className="more" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> All settings
        </UnstyledButton>
        <Collapse expanded={open}>
          <div className="more-fields">
            {MORE_FIELDS.map(input)}
            <Switch
              label="Freeze backbone"
              description="Trains the transformer and the heads alone: quicker, and less memory."
              disabled={active}
              checked={form.freezeBackbone}
              onChange={(event) => change({ freezeBackbone: event.currentTarget.checked })}
            />
          </div>
        </Collapse>
      </div>
      {adapterError !== null && (
        <ErrorNote
          title={adapterError.code === 'gpu-unavailable' ? 'No graphics adapter' : 'Training cannot start'}
          message={adapterError.message}
        >
          <Button size="compact-sm" variant="default" mt={8} onClick={() => void askAgain()}>
            Look again
          </Button>
        </ErrorNote>
      )}
      <Button type="submit" loading={report === null && adapterError === null} disabled={active || report === null}>
        Start training
      </Button>
      {software && (
        <p className="said">
          This adapter, {report.name}, computes on the processor, so a short run with batch 1 at 160 px is proposed: it
          shows the whole way in a few minutes.
        </p>
      )}
    </form>
  );
}

/** What cannot be chosen yet, and so is no control. */
function Given({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}): ReactNode {
  return (
    <div className="given">
      <span>{label}</span>
      <div>
        {value}
        <span className="small muted">{note}</span>
      </div>
    </div>
  );
}
