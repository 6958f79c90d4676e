import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAdapter } from '../studio.ts';
import { BROWSERS_WITH_WEBGPU, gpuHelp } from './gpu-help.ts';

export interface NeedsGpuProps {
  /** What the room does without, as a heading and a sentence; left out where it does nothing. */
  readonly without?: { readonly title: string; readonly says: string };
  readonly children: ReactNode;
}

/** Says above a room that computes that there is no WebGPU, what to turn on here, which browsers have it, and what still works. */
export function NeedsGpu({ without, children }: NeedsGpuProps): ReactNode {
  const error = useAdapter((state) => state.error);
  const missing = error?.code === 'gpu-unavailable';
  // The room keeps its place among the elements, so that nothing in it is lost when an adapter comes.
  return (
    <div className={missing ? 'needs-gpu-room' : 'laid-out-through'}>
      {missing && <NoWebGpu {...(without && { without })} />}
      <div className={missing ? 'needs-gpu-rest' : 'laid-out-through'}>{children}</div>
    </div>
  );
}

function NoWebGpu({ without }: Pick<NeedsGpuProps, 'without'>): ReactNode {
  const ask = useAdapter((state) => state.ask);
  const asking = useAdapter((state) => state.asking);
  const help = gpuHelp({
    userAgent: navigator.userAgent,
    hasWebGpu: navigator.gpu !== undefined,
    secure: window.isSecureContext,
  });
  const lookAgain = (
    <Button size="compact-sm" variant="default" loading={asking} onClick={() => void ask()}>
      Look again
    </Button>
  );
  if (without !== undefined) {
    return (
      <section className="needs-gpu" data-without aria-label="No WebGPU">
        <div>
          <h2>{without.title}</h2>
          <p>{without.says}</p>
          <p className="muted">{help[0]}</p>
        </div>
        {lookAgain}
      </section>
    );
  }
  return (
    <section className="needs-gpu" aria-label="No WebGPU">
      <div>
        <h2>This room computes with WebGPU, and the browser offers none</h2>
        {help.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="muted">
          Data, Predict and Runs work without it: import and browse, find things in pictures, look at runs, download
          weights.
        </p>
      </div>
      <div>
        <h2>Browsers that have it</h2>
        <dl>
          {BROWSERS_WITH_WEBGPU.map(({ browser, since }) => (
            <div key={browser}>
              <dt>{browser}</dt>
              <dd>{since}</dd>
            </div>
          ))}
        </dl>
        {lookAgain}
      </div>
    </section>
  );
}
