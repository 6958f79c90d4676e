import type { ReactNode } from 'react';
import { useAdapter } from '../studio.ts';

/** Names what computes here, and says where that is a processor in place of a graphics card. */
export function AdapterChip(): ReactNode {
  const report = useAdapter((state) => state.report);
  const error = useAdapter((state) => state.error);
  if (error !== null) {
    const text = error.code === 'gpu-unavailable' ? 'No WebGPU' : 'Not available';
    return <Chip state="missing" text={text} title={error.message} />;
  }
  if (report === null)
    return <Chip state="asking" text="Looking for WebGPU" title="The graphics adapter is asked for." />;
  if (report.software) {
    const title = `${report.name} computes on the processor: everything works, slowly.`;
    return <Chip state="software" text={`${report.name}, software`} title={title} />;
  }
  return <Chip state="ready" text={`${report.name}, WebGPU`} title={`Computes on ${report.name} by WebGPU.`} />;
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
