import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { XName } from '../charts/chart-line.ts';
import { SmoothingSlider } from '../charts/SmoothingSlider.tsx';

export interface CurveControlsProps {
  readonly xName: XName;
  readonly onXName: (xName: XName) => void;
}

/** What all curves of the room are drawn by: steps or epochs, and how smooth the loss is. */
export function CurveControls({ xName, onXName }: CurveControlsProps): ReactNode {
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
      <SmoothingSlider />
    </div>
  );
}
