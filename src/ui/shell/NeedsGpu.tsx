import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAdapter } from '../studio.ts';
import { BROWSERS_WITH_WEBGPU, gpuHelp } from './gpu-help.ts';

/** Says above a room that computes that there is no WebGPU, what to turn on here, which browsers have it, and what still works. */
export function NeedsGpu({ children }: { readonly children: ReactNode }): ReactNode {
  const error = useAdapter((state) => state.error);
  const missing = error?.code === 'gpu-unavailable';
  // The room keeps its place among the elements, so that nothing in it is lost when an adapter comes.
  return (
    <div className={missing ? 'needs-gpu-room' : 'laid-out-through'}>
      {missing && <NoWebGpu />}
      <div className={missing ? 'needs-gpu-rest' : 'laid-out-through'}>{children}</div>
    </div>
  );
}

function NoWebGpu(): ReactNode {
  const ask = useAdapter((state) => state.ask);
  const asking = useAdapter((state) => state.asking);
  const help = gpuHelp({
    userAgent: navigator.userAgent,
    hasWebGpu: navigator.gpu !== undefined,
    secure: window.isSecureContext,
  });
  return (
    <section className="needs-gpu" aria-label="No WebGPU">
      <div>
        <h2>This room computes with WebGPU, and the browser offers none</h2>
        {help.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="muted">Data and Runs work without it: import and browse, look at runs, download weights.</p>
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
        <Button size="compact-sm" variant="default" loading={asking} onClick={() => void ask()}>
          Look again
        </Button>
      </div>
    </section>
  );
}
