import { Slider } from '@mantine/core';
import type { ReactNode } from 'react';
import { fixed } from '../numbers.ts';
import { usePreferences } from '../studio.ts';

/** How smooth the loss is drawn, in every room and remembered. */
export function SmoothingSlider(): ReactNode {
  const smoothing = usePreferences((state) => state.smoothing);
  const setSmoothing = usePreferences((state) => state.setSmoothing);
  return (
    <>
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
    </>
  );
}
