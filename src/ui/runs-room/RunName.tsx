import { TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';

export interface RunNameProps {
  readonly name: string;
  readonly onRename: (name: string) => void;
  readonly onEnd: () => void;
}

/** A run's name while it is changed: Enter keeps it, Escape leaves it as it was, going elsewhere keeps it too. */
export function RunName({ name, onRename, onEnd }: RunNameProps): ReactNode {
  const [typed, setTyped] = useState(name);
  const keep = (): void => {
    const next = typed.trim();
    if (next !== '' && next !== name) onRename(next);
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') keep();
    else if (event.key === 'Escape') onEnd();
  };
  return (
    <TextInput
      size="xs"
      aria-label={`New name of ${name}`}
      value={typed}
      maxLength={120}
      ref={focusAndSelect}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={keep}
    />
  );
}

/** The whole name is chosen, so that typing replaces it. */
function focusAndSelect(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}
