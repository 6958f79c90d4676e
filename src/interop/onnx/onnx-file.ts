import { create, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, TensorProtoSchema } from 'onnx-buf';
import type { ChunkedFile } from '../../base/chunked-file.ts';
import { StudioError } from '../../base/errors.ts';
import { type Initializer, type OnnxGraph, typeCode } from './graph.ts';

/** Protobuf cannot say more, and ONNX Runtime then wants the weights in a file of their own. */
const MOST_BYTES = 2 ** 31 - 1;
const OPSET = 17n;
const IR_VERSION = 8n;
/** Fields of onnx.proto3 that hold what is written here piece by piece: all are length-delimited. */
const FIELD = { modelGraph: 7, graphInitializer: 5, tensorRawData: 9 } as const;
const LENGTH_DELIMITED = 2;
const BYTES_OF = { f32: 4, i64: 8 } as const;

/**
 * The file of a graph: opset 17, IR 8. Only what is small is encoded at once; the weights are framed by hand and follow
 * one by one, which protobuf allows since the fields of a message may come in any order. So an export never holds a second
 * copy of a model. Throws `bad-weights` for a model past 2 GiB.
 */
export function onnxFile(graph: OnnxGraph, producerVersion: string): ChunkedFile {
  const head = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: 'Detrain',
      producerVersion,
      opsetImport: [{ domain: '', version: OPSET }],
    }),
  );
  const body = toBinary(
    GraphProtoSchema,
    create(GraphProtoSchema, { name: 'detr', node: graph.nodes, input: graph.inputs, output: graph.outputs }),
  );
  const tensors = graph.initializers.map((initializer) => ({ initializer, head: tensorHead(initializer) }));
  const ofGraph = tensors.reduce(
    (sum, { initializer, head }) => sum + head.length + rawBytes(initializer),
    body.length,
  );
  const graphHead = fieldHead(FIELD.modelGraph, ofGraph);
  const byteLength = head.length + graphHead.length + ofGraph;
  if (byteLength > MOST_BYTES) {
    throw new StudioError(
      'bad-weights',
      `As ONNX this model would have ${byteLength} bytes; a file of ONNX holds at most ${MOST_BYTES}. Export it as safetensors.`,
    );
  }
  return {
    byteLength,
    *chunks() {
      yield head;
      yield graphHead;
      yield body;
      for (const { initializer, head } of tensors) {
        yield head;
        const { buffer, byteOffset, byteLength } = initializer.data();
        if (byteLength !== rawBytes(initializer)) {
          const shape = initializer.shape.join(', ');
          throw new StudioError('internal', `${initializer.name} [${shape}] has ${byteLength} bytes.`);
        }
        yield new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      }
    },
  };
}

function rawBytes({ shape, type }: Initializer): number {
  return shape.reduce((product, n) => product * n, BYTES_OF[type]);
}

/** What stands before a tensor's own bytes: the field in the graph, the tensor without data, the data's field. */
function tensorHead(initializer: Initializer): Uint8Array<ArrayBuffer> {
  const { name, type, shape } = initializer;
  const tensor = create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: typeCode(type) });
  const about = toBinary(TensorProtoSchema, tensor);
  const raw = rawBytes(initializer);
  const dataHead = fieldHead(FIELD.tensorRawData, raw);
  const outer = fieldHead(FIELD.graphInitializer, about.length + dataHead.length + raw);
  return Uint8Array.from([...outer, ...about, ...dataHead]);
}

function fieldHead(field: number, byteLength: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...varint(field * 8 + LENGTH_DELIMITED), ...varint(byteLength)]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}
