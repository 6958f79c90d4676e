import { Button, Group, Modal, Radio } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ExportKind, ExportStage } from '../../rpc/protocol.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useModelExport } from '../studio.ts';
import { ExportReceipt } from './ExportReceipt.tsx';
import './export.css';

const KINDS: readonly { readonly kind: ExportKind; readonly label: string; readonly says: string }[] = [
  {
    kind: 'folder',
    label: 'Hugging Face folder',
    says: 'A zip for transformers, transformers.js and ONNX Runtime: weights, ONNX model, configs, and a model card.',
  },
  { kind: 'safetensors', label: 'Weights alone', says: 'One .safetensors in full precision, complete by itself.' },
  { kind: 'safetensors-f16', label: 'Weights in half precision', says: 'One .safetensors of half the size.' },
  { kind: 'onnx', label: 'ONNX model', says: 'A zip with the model as ONNX and its configs.' },
  { kind: 'all', label: 'Everything', says: 'The folder, with the weights in half precision beside it.' },
];

const STAGES: Readonly<Record<ExportStage, string>> = {
  opening: 'Opening the weights',
  checking: 'ONNX Runtime and transformers.js look at what is to be written',
  'checking-half': 'They look at the weights in half precision',
  writing: 'Writing',
};

/** Weights for other programs: what is to be written, and what other programs made of it before it was. */
export function ExportDialog(): ReactNode {
  const weights = useModelExport((state) => state.weights);
  const kind = useModelExport((state) => state.kind);
  const stage = useModelExport((state) => state.stage);
  const error = useModelExport((state) => state.error);
  const result = useModelExport((state) => state.result);
  const { close, choose, run } = useModelExport((state) => state);
  const busy = stage !== null;
  return (
    <Modal opened={weights !== null} onClose={close} size={560} title={`Export “${weights?.name ?? ''}”`}>
      <Radio.Group value={kind} onChange={(value) => choose(value as ExportKind)} aria-label="What to export">
        <div className="export-kinds">
          {KINDS.map(({ kind: each, label, says }) => (
            <Radio key={each} value={each} label={label} description={says} disabled={busy} size="sm" />
          ))}
        </div>
      </Radio.Group>
      <p className="small muted export-kinds-note">
        Before anything is written, other programs read the export again and run it on a few pictures. Where they find
        anything else than was found here, it is refused.
      </p>
      {error !== null && <ErrorNote title="Nothing was exported" message={error.message} />}
      {result !== null && <ExportReceipt result={result} />}
      <Group justify="space-between" mt={14} wrap="nowrap">
        <span className="small muted" role="status">
          {stage === null ? '' : `${STAGES[stage]} …`}
        </span>
        <Group gap={8} wrap="nowrap">
          <Button variant="default" onClick={close}>
            Close
          </Button>
          <Button
            loading={busy}
            onClick={() => void run(({ name, blob }) => download(name, [blob], 'application/octet-stream'))}
          >
            Export
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}
