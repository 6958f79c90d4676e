import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PredictEngine } from '../../rpc/protocol.ts';
import { usePrediction, useStudio } from '../studio.ts';

const ENGINES: readonly { readonly value: PredictEngine; readonly label: string }[] = [
  { value: 'detrain', label: 'Detrain' },
  { value: 'transformers.js', label: 'transformers.js' },
];

/** Who predicts: our own pass on WebGPU, or transformers.js on the model as ONNX. */
export function EngineChoice(): ReactNode {
  const { prediction } = useStudio();
  const engine = usePrediction((state) => state.engine);
  const weights = usePrediction((state) => state.weights);
  const engines = weights?.engines ?? ENGINES.map(({ value }) => value);
  return (
    <div className="engine">
      <span className="engine-label" id="engine-label">
        Predicted by
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="engine-label"
        data={ENGINES.map((each) => ({ ...each, disabled: !engines.includes(each.value) }))}
        value={engine}
        onChange={(value) => void prediction.getState().setEngine(value as PredictEngine)}
      />
      <p className="small muted">{aboutEngine(engine, engines)}</p>
    </div>
  );
}

function aboutEngine(engine: PredictEngine, engines: readonly PredictEngine[]): string {
  if (!engines.includes('detrain')) return 'An ONNX model is run by transformers.js alone.';
  return engine === 'detrain'
    ? 'Our own pass on WebGPU.'
    : 'The model as ONNX, as other programs run it; works without WebGPU too.';
}
