import { TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';

export interface RunNameProps {
  readonly name: string;
  readonly onRename: (name: string) => void;
  /** `byKey`: the focus is to stay with the name; else it went elsewhere already. */
  readonly onEnd: (byKey: boolean) => void;
}

/** A run's name while it is changed: Enter keeps it, Escape leaves it as it was, going elsewhere keeps it too. */
export function RunName({ name, onRename, onEnd }: RunNameProps): ReactNode {
  const [typed, setTyped] = useState(name);
  // Going away takes the focus from the field, which is no wish to keep what Escape gave up.
  const ended = useRef(false);
  const end = (kept: boolean, byKey: boolean): void => {
    if (ended.current) return;
    ended.current = true;
    const next = typed.trim();
    if (kept && next !== '' && next !== name) onRename(next);
    onEnd(byKey);
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Enter') end(true, true);
    else if (key === 'Escape') end(false, true);
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
      onBlur={() => end(true, false)}
    />
  );
}

/** The whole name is chosen, so that typing replaces it. */
function focusAndSelect(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}
