import { Button, Collapse, NativeSelect, Switch, TextInput, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { AUGMENTS } from '../../base/augment.ts';
import { SCHEDULES } from '../../base/recipes.ts';
import type { SettingsField, SettingsForm } from '../../state/settings-form.ts';
import { useTrainForm } from '../studio.ts';
import { AUGMENT_TEXT, type FieldText, MAIN_FIELDS, MORE_FIELDS, RATE_FIELDS, SCHEDULE_TEXT } from './fields.ts';

export interface SettingsFieldsProps {
  readonly form: SettingsForm;
  readonly problems: Readonly<Partial<Record<SettingsField, string>>>;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<SettingsForm>) => void;
}

/** The four settings that everybody sets, and all others behind a button. */
export function SettingsFields({ form, problems, disabled, onChange }: SettingsFieldsProps): ReactNode {
  const open = useTrainForm((state) => state.showsAll);
  const setOpen = useTrainForm((state) => state.showAll);
  const changed = useTrainForm((state) => state.changed);
  const reset = useTrainForm((state) => state.reset);
  const input = ({ field, label, unit, about, empty }: FieldText): ReactNode => (
    <TextInput
      key={field}
      size="sm"
      label={label}
      {...(about === undefined
        ? {}
        : { description: about, inputWrapperOrder: ['label', 'input', 'description', 'error'] })}
      {...(unit === undefined
        ? {}
        : { rightSection: <span className="small muted field-unit">{unit}</span>, rightSectionWidth: 48 })}
      {...(empty === undefined ? {} : { placeholder: empty })}
      inputMode="decimal"
      autoComplete="off"
      disabled={disabled || (form.freezeBackbone ? field === 'lrBackbone' : field === 'views')}
      value={form[field]}
      error={problems[field] ?? null}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <div className="two-fields">{MAIN_FIELDS.map(input)}</div>
      <div>
        <UnstyledButton className="more" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> All settings
        </UnstyledButton>
        <Collapse expanded={open}>
          <div className="more-fields">
            {RATE_FIELDS.map(input)}
            <NativeSelect
              size="sm"
              label={SCHEDULE_TEXT.label}
              description={SCHEDULE_TEXT.about[form.schedule]}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              disabled={disabled}
              value={form.schedule}
              data={SCHEDULES.map((value) => ({ value, label: SCHEDULE_TEXT.names[value] }))}
              onChange={(event) => {
                const schedule = SCHEDULES.find((each) => each === event.currentTarget.value);
                if (schedule !== undefined) onChange({ schedule });
              }}
            />
            {MORE_FIELDS.filter(({ field }) => field !== 'lrDrop' || form.schedule === 'step').map(input)}
            {!form.freezeBackbone && (
              <NativeSelect
                size="sm"
                label={AUGMENT_TEXT.label}
                description={AUGMENT_TEXT.about[form.augment]}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                disabled={disabled}
                value={form.augment}
                data={AUGMENTS.map((value) => ({ value, label: AUGMENT_TEXT.names[value] }))}
                onChange={(event) => {
                  const augment = AUGMENTS.find((each) => each === event.currentTarget.value);
                  if (augment !== undefined) onChange({ augment });
                }}
              />
            )}
            <Switch
              label="Freeze backbone"
              description="Trains the transformer and the heads alone: quicker, and less memory. What the backbone sees in each view is computed once and kept."
              disabled={disabled}
              checked={form.freezeBackbone}
              onChange={(event) => onChange({ freezeBackbone: event.currentTarget.checked })}
            />
            <Switch
              label="Freeze encoder too"
              description="Trains the decoder and the heads alone, for sets of under 100 pictures."
              disabled={disabled || !form.freezeBackbone}
              checked={form.freezeBackbone && form.freezeEncoder}
              onChange={(event) => onChange({ freezeEncoder: event.currentTarget.checked })}
            />
            <Switch
              label="Keep less in memory"
              description="Computes what lies inside the backbone and the encoder a second time instead of keeping it: the same steps to the bit, in less GPU memory and about a third more time."
              disabled={disabled}
              checked={form.recompute}
              onChange={(event) => onChange({ recompute: event.currentTarget.checked })}
            />
            {Object.keys(changed).some((field) => field !== 'recipe') && (
              <Button variant="default" size="compact-sm" disabled={disabled} onClick={reset}>
                Back to the recipe
              </Button>
            )}
          </div>
        </Collapse>
      </div>
    </>
  );
}
