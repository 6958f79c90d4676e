import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** The element types that our graphs hold. */
export type OnnxType = 'f32' | 'i64' | 'bool';

/** A constant of the graph. Its numbers are made when they are written, so that a model's weights are never there twice. */
export interface Initializer {
  readonly name: string;
  readonly type: 'f32' | 'i64';
  readonly shape: readonly number[];
  readonly data: () => Float32Array | BigInt64Array;
}

/** An attribute of a node: a whole number, a real number, a list of whole numbers, or a word. */
export type Attribute = bigint | number | readonly number[] | string;

/** A dimension of an input or output: its size, or the name of one that may differ from call to call. */
export type Dimension = number | string;

const TYPE_CODES = {
  f32: TensorProto_DataType.FLOAT,
  i64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
} as const;

/** The code of an element type in an ONNX file. */
export function typeCode(type: OnnxType): number {
  return TYPE_CODES[type];
}

/** An ONNX graph while it is put together: nodes in the order of computing, values known by name. */
export class OnnxGraph {
  readonly nodes: NodeProto[] = [];
  readonly initializers: Initializer[] = [];
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly #names = new Set<string>();

  /** Adds a node with one output and returns that output's name: `scope/Op`, numbered where it is taken. */
  node(
    op: string,
    scope: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = this.#free(`${scope}/${op}`);
    this.nodes.push(nodeProto(op, name, inputs, name, attributes));
    return name;
  }

  /** Adds a constant under this name, numbered where it is taken. */
  constant(
    name: string,
    type: 'f32' | 'i64',
    shape: readonly number[],
    data: () => Float32Array | BigInt64Array,
  ): string {
    const free = this.#free(name);
    this.initializers.push({ name: free, type, shape, data });
    return free;
  }

  /** A list of whole numbers, as shapes and axes are given; one constant for all that are alike. */
  integers(values: readonly number[]): string {
    const name = `i64[${values.join(',')}]`;
    if (this.#names.has(name)) return name;
    return this.constant(name, 'i64', [values.length], () => BigInt64Array.from(values, BigInt));
  }

  /** One whole number, without a dimension. */
  integer(value: number): string {
    const name = `i64:${value}`;
    if (this.#names.has(name)) return name;
    return this.constant(name, 'i64', [], () => BigInt64Array.of(BigInt(value)));
  }

  /** One real number. */
  number(value: number): string {
    const name = `f32:${value}`;
    if (this.#names.has(name)) return name;
    return this.constant(name, 'f32', [], () => Float32Array.of(value));
  }

  input(name: string, type: OnnxType, shape: readonly Dimension[]): string {
    this.#names.add(name);
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Gives a value the name under which it leaves the graph. */
  output(name: string, value: string, type: OnnxType, shape: readonly Dimension[]): void {
    this.nodes.push(nodeProto('Identity', name, [value], name, {}));
    this.outputs.push(valueInfo(name, type, shape));
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let n = 1; this.#names.has(name); n++) name = `${wanted}_${n}`;
    this.#names.add(name);
    return name;
  }
}

function nodeProto(
  opType: string,
  name: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>>,
): NodeProto {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
  return create(NodeProtoSchema, { opType, name, input: [...input], output: [output], attribute });
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  const { INT, FLOAT, INTS, STRING } = AttributeProto_AttributeType;
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: INT, i: value });
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: FLOAT, f: value });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: STRING, s: new TextEncoder().encode(value) });
  }
  return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, type: OnnxType, shape: readonly Dimension[]): ValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: typeCode(type), shape: { dim } } } },
  });
}
