import type { ParameterValues } from '../../detr/parameters.ts';
import type { DetrConfig } from '../../detr/types.ts';
import type { OnnxGraph } from './graph.ts';
import type { GraphPlaces } from './token-places.ts';

/** What the transformer's nodes are added to, and where their weights come from. */
export interface TransformerContext extends GraphPlaces {
  readonly graph: OnnxGraph;
  readonly config: DetrConfig;
  readonly values: ParameterValues;
}

/** Adds the encoder on tokens `[B, M, d]`; returns the memory, `[B, M, d]`. */
export function addEncoder(context: TransformerContext, tokens: string): string {
  const { graph, config, positions, keyMask } = context;
  let x = tokens;
  for (let i = 0; i < config.encoderLayers; i++) {
    const name = `model.encoder.layers.${i}`;
    const placed = graph.node('Add', scopeOf(name), [x, positions]);
    const attended = addAttention(context, `${name}.self_attn`, {
      query: placed,
      key: placed,
      value: x,
      heads: config.encoderHeads,
      keyMask,
    });
    x = addNorm(context, `${name}.self_attn_layer_norm`, x, attended);
    x = addFeedForward(context, name, config.encoderFfnDim, x);
  }
  return x;
}

/** Adds the decoder on a memory `[B, M, d]`; returns the last layer's output under the final norm, `[B, Q, d]`. */
export function addDecoder(context: TransformerContext, memory: string): string {
  const { graph, config, values, positions, keyMask } = context;
  const { numQueries: Q, dModel: d, decoderHeads: heads } = config;
  const queryPositions = graph.constant(
    'model.query_position_embeddings.weight',
    'f32',
    [1, Q, d],
    () => values.get('model.query_position_embeddings.weight') ?? new Float32Array(),
  );
  // The queries start from zeros, a row of them for each picture.
  const shape = graph.node('Shape', 'decoder', [memory]);
  const pictures = graph.node('Slice', 'decoder', [shape, graph.integers([0]), graph.integers([1])]);
  const zeros = graph.constant('decoder/zeros', 'f32', [1, Q, d], () => new Float32Array(Q * d));
  const target = graph.node('Concat', 'decoder', [pictures, graph.integers([Q, d])], { axis: 0n });
  let x = graph.node('Expand', 'decoder', [zeros, target]);
  const placedMemory = graph.node('Add', 'decoder', [memory, positions]);
  for (let i = 0; i < config.decoderLayers; i++) {
    const name = `model.decoder.layers.${i}`;
    const placed = graph.node('Add', scopeOf(name), [x, queryPositions]);
    const self = { query: placed, key: placed, value: x, heads };
    x = addNorm(context, `${name}.self_attn_layer_norm`, x, addAttention(context, `${name}.self_attn`, self));
    const query = graph.node('Add', scopeOf(name), [x, queryPositions]);
    const cross = { query, key: placedMemory, value: memory, heads, keyMask };
    x = addNorm(context, `${name}.encoder_attn_layer_norm`, x, addAttention(context, `${name}.encoder_attn`, cross));
    x = addFeedForward(context, name, config.decoderFfnDim, x);
  }
  return addNorm(context, 'model.decoder.layernorm', x);
}

/** Adds x W^T + b over the last axis; `out` and `inC` as in the weight `[out, in]`, which stands transposed in the graph. */
export function addLinear(
  { graph, values }: Pick<TransformerContext, 'graph' | 'values'>,
  name: string,
  [out, inC]: readonly [number, number],
  x: string,
): string {
  const weight = graph.constant(`${name}.weight`, 'f32', [inC, out], () =>
    transposed(values.get(`${name}.weight`) ?? new Float32Array(), out, inC),
  );
  const bias = graph.constant(`${name}.bias`, 'f32', [out], () => values.get(`${name}.bias`) ?? new Float32Array());
  const product = graph.node('MatMul', scopeOf(name), [x, weight]);
  return graph.node('Add', scopeOf(name), [product, bias]);
}

interface AttentionValues {
  /** `[B, N, d]`, positions added. */
  readonly query: string;
  /** `[B, M, d]`, positions added. */
  readonly key: string;
  /** `[B, M, d]`, without positions. */
  readonly value: string;
  readonly heads: number;
  readonly keyMask?: string;
}

/** Multi-head attention; returns `[B, N, d]`. */
function addAttention(context: TransformerContext, name: string, given: AttentionValues): string {
  const { graph, config } = context;
  const { dModel: d } = config;
  const { query, key, value, heads, keyMask } = given;
  const scope = scopeOf(name);
  const perHead = d / heads;
  const project = (part: string, x: string) => addLinear(context, `${name}.${part}`, [d, d], x);
  const inHeads = (x: string, perm: readonly number[]): string => {
    const split = graph.node('Reshape', scope, [x, graph.integers([0, -1, heads, perHead])]);
    return graph.node('Transpose', scope, [split], { perm });
  };
  const scaled = graph.node('Mul', scope, [project('q_proj', query), graph.number(Math.fround(perHead ** -0.5))]);
  const q = inHeads(scaled, [0, 2, 1, 3]); // [B, heads, N, d / heads]
  const k = inHeads(project('k_proj', key), [0, 2, 3, 1]); // [B, heads, d / heads, M]
  const v = inHeads(project('v_proj', value), [0, 2, 1, 3]); // [B, heads, M, d / heads]
  const scores = graph.node('MatMul', scope, [q, k]); // [B, heads, N, M]
  const masked = keyMask === undefined ? scores : graph.node('Add', scope, [scores, keyMask]);
  const weights = graph.node('Softmax', scope, [masked], { axis: -1n });
  const mixed = graph.node('MatMul', scope, [weights, v]); // [B, heads, N, d / heads]
  const beside = graph.node('Transpose', scope, [mixed], { perm: [0, 2, 1, 3] });
  return project('out_proj', graph.node('Reshape', scope, [beside, graph.integers([0, -1, d])]));
}

function addFeedForward(context: TransformerContext, name: string, width: number, x: string): string {
  const { graph, config } = context;
  const inner = addLinear(context, `${name}.fc1`, [width, config.dModel], x);
  const active = graph.node('Relu', scopeOf(name), [inner]);
  const outer = addLinear(context, `${name}.fc2`, [config.dModel, width], active);
  return addNorm(context, `${name}.final_layer_norm`, x, outer);
}

/** Layer norm of x, with a residual added first where there is one. */
function addNorm({ graph, config, values }: TransformerContext, name: string, x: string, residual?: string): string {
  const scope = scopeOf(name);
  const sum = residual === undefined ? x : graph.node('Add', scope, [x, residual]);
  const [weight = '', bias = ''] = ['weight', 'bias'].map((part) =>
    graph.constant(
      `${name}.${part}`,
      'f32',
      [config.dModel],
      () => values.get(`${name}.${part}`) ?? new Float32Array(),
    ),
  );
  return graph.node('LayerNormalization', scope, [sum, weight, bias], { axis: -1n, epsilon: 1e-5 });
}

/** `encoder/layers.0/self_attn` of a parameter's name. */
function scopeOf(name: string): string {
  return name.replace(/^model\./, '').replaceAll(/\.(?!\d)/g, '/');
}

/** `[rows, columns]` to `[columns, rows]`. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c] ?? 0;
  }
  return result;
}
