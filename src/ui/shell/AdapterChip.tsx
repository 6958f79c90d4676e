import type { ReactNode } from 'react';
import { useAdapter } from '../studio.ts';

/** Names what computes here, and says where that is a processor in place of a graphics card. */
export function AdapterChip(): ReactNode {
  const report = useAdapter((state) => state.report);
  const advice = useAdapter((state) => state.advice);
  const error = useAdapter((state) => state.error);
  if (error !== null) {
    const text = error.code === 'gpu-unavailable' ? 'No WebGPU' : 'Not available';
    return <Chip state="missing" text={text} title={error.message} />;
  }
  if (report === null)
    return <Chip state="asking" text="Looking for WebGPU" title="The graphics adapter is asked for." />;
  const title = `Computes on ${report.name} by WebGPU.${advice === null ? '' : ` ${advice}`}`;
  if (report.software) return <Chip state="software" text={`${report.name}, software`} title={title} />;
  // The same colour as for software: both compute more slowly than this computer may be able to.
  return <Chip state={advice === null ? 'ready' : 'software'} text={`${report.name}, WebGPU`} title={title} />;
}

function Chip({
  state,
  text,
  title,
}: {
  readonly state: string;
  readonly text: string;
  readonly title: string;
}): ReactNode {
  return (
    <div className="chip" data-state={state} title={title}>
      <b />
      <span>{text}</span>
    </div>
  );
}
