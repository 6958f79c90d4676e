import type { ParityReceipt } from './types.ts';

/** A receipt in paragraphs of Markdown, for a model card. */
export function receiptParagraphs(receipt: ParityReceipt): string {
  return `${checkedSentence(receipt)}\n\n${table(receipt)}\n\n${ownResizeSentence(receipt)}`;
}

/** A receipt in one line, for the shell. */
export function receiptLine(receipt: ParityReceipt): string {
  const { logits, boxes, detections, pictures } = receipt;
  return `Checked on ${pictures} ${pictures === 1 ? 'picture' : 'pictures'} by ONNX Runtime Web ${receipt.onnxRuntime} and transformers.js ${receipt.transformers} (${precisionName(receipt)}): logits within ${short(logits)}, boxes within ${short(boxes)} of the picture; ${detections.count} queries that find something, labels equal, scores within ${short(detections.score)}, corners within ${short(detections.boxPx)} px.`;
}

/** What transformers.js's own resize changes, in one sentence. */
export function ownResizeSentence({ ownResize, transformers }: ParityReceipt): string {
  const { count, same, extra, score, boxPx } = ownResize;
  const begin = `Left to its own resize, transformers.js ${transformers}`;
  if (count === 0) {
    return `${begin} finds ${extra} ${extra === 1 ? 'box' : 'boxes'} with a score of a half and more where with ours there is none.`;
  }
  const moved = same === 0 ? '' : ` (scores differ by up to ${short(score)}, corners by up to ${short(boxPx)} px)`;
  return `${begin} finds ${same} of the ${count} boxes with a score of a half and more again${moved}, and ${extra} others: it enlarges every picture until its longest edge is at the limit, and by another filter.`;
}

function checkedSentence({ pictures, reference, onnxRuntime, transformers, precision }: ParityReceipt): string {
  const weights = precision === 'f16' ? 'The weights in half precision' : 'The exported weights';
  return `${weights} were read again and run on ${pictures} ${pictures === 1 ? 'picture' : 'pictures'} by ONNX Runtime Web ${onnxRuntime} (WebAssembly) and by the pipeline of transformers.js ${transformers}, given pictures at the model's input size. The largest differences from Detrain's own pass on ${reference}:`;
}

function table({ logits, boxes, detections, tolerance }: ParityReceipt): string {
  const row = (what: string, found: number, most: number) => `| ${what} | ${short(found)} | ${most} |`;
  return [
    '| what | largest difference | at most |',
    '| --- | ---: | ---: |',
    row('class logits', logits, tolerance.logits),
    row('box coordinates, of the picture', boxes, tolerance.boxes),
    row(`scores of the ${detections.count} queries that find something`, detections.score, tolerance.score),
    row('corners of their boxes, in pixels', detections.boxPx, tolerance.boxPx),
    row('of them with another label', detections.different, 0),
  ].join('\n');
}

function precisionName({ precision }: ParityReceipt): string {
  return precision === 'f32' ? 'full precision' : 'half precision';
}

function short(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2);
}
