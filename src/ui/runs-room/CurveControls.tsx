import { SegmentedControl, Slider } from '@mantine/core';
import type { ReactNode } from 'react';
import type { XName } from '../charts/chart-line.ts';
import { fixed } from '../numbers.ts';
import { usePreferences } from '../studio.ts';

export interface CurveControlsProps {
  readonly xName: XName;
  readonly onXName: (xName: XName) => void;
}

/** What all curves of the room are drawn by: steps or epochs, and how smooth the loss is. */
export function CurveControls({ xName, onXName }: CurveControlsProps): ReactNode {
  const smoothing = usePreferences((state) => state.smoothing);
  const setSmoothing = usePreferences((state) => state.setSmoothing);
  return (
    <div className="curve-controls">
      <SegmentedControl
        size="xs"
        aria-label="Curves by"
        value={xName}
        data={[
          { value: 'step', label: 'By step' },
          { value: 'epoch', label: 'By epoch' },
        ]}
        onChange={(value) => onXName(value === 'epoch' ? 'epoch' : 'step')}
      />
      <span className="small muted" aria-hidden="true">
        Smoothing
      </span>
      <Slider
        size="xs"
        w={90}
        min={0}
        max={0.99}
        step={0.01}
        label={null}
        value={smoothing}
        onChange={setSmoothing}
        thumbLabel="Smoothing of the loss"
      />
      <span className="small muted">{fixed(smoothing, 2)}</span>
    </div>
  );
}
