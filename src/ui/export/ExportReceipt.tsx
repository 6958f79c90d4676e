import { Fragment, type ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { ExportResult, ParityReceipt } from '../../rpc/protocol.ts';

/** That an export was made, and how near other programs came to what was found here. */
export function ExportReceipt({ result: { bytes, receipts } }: { readonly result: ExportResult }): ReactNode {
  const [first] = receipts;
  return (
    <section className="said export-receipt" aria-label="Checked by other programs">
      <p>
        <strong>Exported, {bytesText(bytes)}.</strong> Other programs find the same in it.
      </p>
      {first !== undefined && (
        <>
          <Differences receipts={receipts} />
          <p className="small muted">{checkedBy(first)}</p>
          <p className="small muted">{ownResize(first)}</p>
        </>
      )}
    </section>
  );
}

function Differences({ receipts }: { readonly receipts: readonly ParityReceipt[] }): ReactNode {
  const count = receipts[0]?.detections.count ?? 0;
  const rows: readonly (readonly [string, (receipt: ParityReceipt) => readonly [found: number, most: number]])[] = [
    ['Class logits', ({ logits, tolerance }) => [logits, tolerance.logits]],
    ['Boxes, of the picture', ({ boxes, tolerance }) => [boxes, tolerance.boxes]],
    [`Scores of ${count} queries`, ({ detections, tolerance }) => [detections.score, tolerance.score]],
    ['Their corners, px', ({ detections, tolerance }) => [detections.boxPx, tolerance.boxPx]],
    ['Other labels', ({ detections }) => [detections.different, 0]],
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Largest difference</th>
          {receipts.map(({ precision }) => (
            <th key={precision} scope="col" colSpan={2}>
              {precision === 'f32' ? 'full precision' : 'half'}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([what, of]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            {receipts.map((receipt) => {
              const [found, most] = of(receipt);
              return (
                <Fragment key={receipt.precision}>
                  <td>{found === 0 ? '0' : found.toPrecision(2)}</td>
                  <td className="muted small">of {most}</td>
                </Fragment>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function checkedBy({ pictures, onnxRuntime, transformers }: ParityReceipt): string {
  const runtime = onnxRuntime.replace(/-dev\..*/, '-dev');
  return `On ${pictures} ${pictures === 1 ? 'picture' : 'pictures'}, by ONNX Runtime Web ${runtime} and transformers.js ${transformers}.`;
}

function ownResize({ ownResize: { count, same, extra } }: ParityReceipt): string {
  return `Left to its own resize, transformers.js finds ${same} of the ${count} shown boxes again, and ${extra} others: it enlarges every picture up to the longest edge. The model card says how to have it resize as the model was trained.`;
}
