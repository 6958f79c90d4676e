import { Button, NumberInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

const LEAST_SECONDS = 0.1;

export interface EverySecondsProps {
  /** Whether pictures are taken by themselves now. */
  readonly going: boolean;
  readonly disabled: boolean;
  /** Begins with so many seconds between two pictures, and ends with null. */
  readonly onChange: (seconds: number | null) => void;
}

/** Has pictures taken by themselves, every so many seconds. */
export function EverySeconds({ going, disabled, onChange }: EverySecondsProps): ReactNode {
  const [seconds, setSeconds] = useState(2);
  return (
    <span className="every-seconds">
      <Button variant="default" disabled={disabled} onClick={() => onChange(going ? null : seconds)}>
        {going ? 'Stop' : 'Take one every'}
      </Button>
      <NumberInput
        aria-label="Seconds between two pictures"
        value={seconds}
        min={LEAST_SECONDS}
        max={3600}
        step={1}
        decimalScale={1}
        disabled={going}
        onChange={(value) => typeof value === 'number' && value >= LEAST_SECONDS && setSeconds(value)}
      />
      <span>s</span>
    </span>
  );
}
