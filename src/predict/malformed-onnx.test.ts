import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation, TensorProto_DataType } from 'onnx-buf';
import { beforeAll, expect, test } from 'vitest';
import { bytesOfFile } from '../base/chunked-file.ts';
import { exportOnnx } from '../interop/onnx/export-onnx.ts';
import { OnnxGraph } from '../interop/onnx/graph.ts';
import { onnxFile } from '../interop/onnx/onnx-file.ts';
import { loadOnnxRuntime } from '../platform/node/onnx-runtime.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { OnnxDetector } from './onnx-detector.ts';
import type { OnnxRuntime } from './types.ts';

let runtime: OnnxRuntime;
beforeAll(async () => {
  runtime = await loadOnnxRuntime();
});

const { config, weights } = tinyCheckpoint();
const whole = bytesOfFile(exportOnnx(config, weights.values));
const SIZE = { h: 64, w: 64 };

/** A graph with our names around a tensor that claims to be of this shape. */
function claiming(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph();
  const pixels = graph.input('pixel_values', 'f32', ['b', 3, 'h', 'w']);
  graph.input('pixel_mask', 'i64', ['b', 'mh', 'mw']);
  const wanted = graph.constant('shape', 'i64', [shape.length], () => BigInt64Array.from(shape, BigInt));
  const first = graph.node('Slice', 'x', [pixels, graph.integers([0]), graph.integers([1]), graph.integers([3])]);
  const one = graph.node('ReduceMax', 'x', [first]);
  const large = graph.node('Expand', 'x', [one, wanted]);
  graph.output('logits', large, 'f32', ['a', 'b', 'c', 'd']);
  graph.output('pred_boxes', large, 'f32', ['a', 'b', 'c', 'd']);
  return bytesOfFile(onnxFile(graph, 'test'));
}

test.each([
  ['nothing', new Uint8Array()],
  ['no protobuf', new Uint8Array(4096).fill(0xff)],
  ['text', new TextEncoder().encode('<!doctype html>'.repeat(99))],
  ['a model that is cut off', whole.slice(0, whole.length >> 1)],
  ['a model whose graph is scrambled', whole.map((byte, i) => (i > 300 && i < 3000 ? byte ^ 0x5a : byte))],
])('%s is refused, and a good model is opened after it', async (_, bytes) => {
  await expect(OnnxDetector.open(runtime, bytes)).rejects.toMatchObject({ code: 'bad-weights' });
  await expectWhole();
});

test('weights that are said to lie in another file are not looked for', async () => {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'g',
      node: [{ opType: 'Identity', input: ['w'], output: ['logits'] }],
      initializer: [
        {
          name: 'w',
          dims: [4n],
          dataType: TensorProto_DataType.FLOAT,
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [{ key: 'location', value: '../../../../etc/passwd' }],
        },
      ],
      output: [{ name: 'logits', type: { value: { case: 'tensorType', value: { elemType: 1 } } } }],
    },
  });
  const bytes = toBinary(ModelProtoSchema, model);
  await expect(OnnxDetector.open(runtime, bytes)).rejects.toMatchObject({ code: 'bad-weights' });
  await expectWhole();
});

test('what asks for more memory than there is fails alone', async () => {
  const detector = await OnnxDetector.open(runtime, claiming([1, 1, 40_000, 40_000]));
  await expect(detector.queryOutput(new Float32Array(3 * 64 * 64), SIZE)).rejects.toMatchObject({
    code: 'bad-weights',
  });
  await detector.dispose();
  await expectWhole();
});

test('another model than a DETR is told by what it takes and gives', async () => {
  const graph = new OnnxGraph();
  graph.output('out', graph.node('Relu', 'x', [graph.input('in', 'f32', ['n'])]), 'f32', ['n']);
  await expect(OnnxDetector.open(runtime, bytesOfFile(onnxFile(graph, 'test')))).rejects.toMatchObject({
    code: 'bad-weights',
    message: expect.stringMatching(/takes in and gives out; expected a DETR/),
  });
});

async function expectWhole(): Promise<void> {
  const detector = await OnnxDetector.open(runtime, whole);
  const { logits } = await detector.queryOutput(new Float32Array(3 * 64 * 64), SIZE);
  expect(logits.every(Number.isFinite)).toBe(true);
  await detector.dispose();
}
