import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { ExportResult, ParityReceipt } from '../../rpc/protocol.ts';

/** That an export was made, and how near other programs came to what was found here. */
export function ExportReceipt({ result }: { readonly result: ExportResult }): ReactNode {
  return (
    <section className="said export-receipt" aria-label="Checked by other programs">
      <p>
        <strong>Exported, {bytesText(result.bytes)}.</strong> Other programs find the same in it.
      </p>
      {result.receipts.map((receipt) => (
        <Receipt key={receipt.precision} receipt={receipt} />
      ))}
    </section>
  );
}

function Receipt({ receipt }: { readonly receipt: ParityReceipt }): ReactNode {
  const { precision, pictures, logits, boxes, detections, tolerance, ownResize } = receipt;
  const rows = [
    ['Class logits', logits, tolerance.logits],
    ['Boxes, of the picture', boxes, tolerance.boxes],
    [`Scores of ${detections.count} queries`, detections.score, tolerance.score],
    ['Their corners, px', detections.boxPx, tolerance.boxPx],
    ['Other labels', detections.different, 0],
  ] as const;
  return (
    <>
      <table>
        <caption>
          {precision === 'f32' ? 'Full precision' : 'Half precision'}, {pictures}{' '}
          {pictures === 1 ? 'picture' : 'pictures'}: ONNX Runtime Web {receipt.onnxRuntime.replace(/-dev\..*/, '-dev')},
          transformers.js {receipt.transformers}
        </caption>
        <thead>
          <tr>
            <th scope="col">Largest difference</th>
            <th scope="col">found</th>
            <th scope="col">at most</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, found, most]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{found === 0 ? '0' : found.toPrecision(2)}</td>
              <td>{most}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small muted">
        Left to its own resize, transformers.js finds {ownResize.same} of the {ownResize.count} shown boxes again, and{' '}
        {ownResize.extra} others: it enlarges every picture up to the longest edge. The model card says how to have it
        resize as the model was trained.
      </p>
    </>
  );
}
