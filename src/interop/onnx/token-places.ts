import type { DetrConfig } from '../../detr/types.ts';
import type { OnnxGraph } from './graph.ts';

/** Added to the scores of padded cells, as our own pass does. */
const MASKED = -1e9;
const TEMPERATURE = 10_000;
const EPSILON = 1e-6;
/** Past every length: a slice to its end. */
const END = 2 ** 31 - 1;

/** Where the tokens of a batch stand, as values of the graph. */
export interface GraphPlaces {
  /** Sine positions `[B, M, d]`. */
  readonly positions: string;
  /** `[B, 1, 1, M]`, 0 or -1e9 on padding. */
  readonly keyMask: string;
}

/**
 * Adds the mask's way to the feature grid, and the positions that follow from it.
 *
 * `pixelMask` `[B, Hm, Wm]` int64, not zero on real pixels, of any size: cell k of the grid looks at index
 * floor(k * in / out), in whole numbers and so exactly (Resize would divide by a rounded scale). `features` `[B, C, h, w]`.
 * The sine embedding is that of models/position_encoding.py of facebookresearch/detr at 29901c5.
 */
export function addTokenPlaces(
  graph: OnnxGraph,
  { dModel }: Pick<DetrConfig, 'dModel'>,
  pixelMask: string,
  features: string,
): GraphPlaces {
  const grid = graph.node('Shape', 'mask/grid', [features]);
  const given = graph.node('Shape', 'mask/given', [pixelMask]);
  const real = graph.node('Cast', 'mask/real', [pixelMask], { to: 9n }); // any number but 0 counts
  const asFloats = graph.node('Cast', 'mask/floats', [real], { to: 1n });
  const rows = addNearest(graph, 'mask/rows', sizeAt(graph, grid, 2), sizeAt(graph, given, 1));
  const columns = addNearest(graph, 'mask/columns', sizeAt(graph, grid, 3), sizeAt(graph, given, 2));
  const tall = graph.node('Gather', 'mask/rows', [asFloats, rows], { axis: 1n });
  const valid = graph.node('Gather', 'mask/columns', [tall, columns], { axis: 2n }); // [B, h, w], 1 on the picture

  const half = dModel / 2;
  const along = (name: string, axis: number): string => {
    const scope = `positions/${name}`;
    const counts = graph.node('CumSum', scope, [valid, graph.integer(axis)]);
    const bounds = [graph.integers([-1]), graph.integers([END]), graph.integers([axis])];
    const last = graph.node('Slice', scope, [counts, ...bounds]);
    const beyond = graph.node('Add', scope, [last, graph.number(EPSILON)]);
    const share = graph.node('Div', scope, [counts, beyond]);
    const angle = graph.node('Mul', scope, [share, graph.number(Math.fround(2 * Math.PI))]);
    const wide = graph.node('Unsqueeze', scope, [angle, graph.integers([3])]); // [B, h, w, 1]
    const turned = graph.node('Div', scope, [wide, wavelengths(graph, half)]); // [B, h, w, half / 2]
    const pair = ['Sin', 'Cos'].map((op) => {
      const wave = graph.node(op, scope, [turned]);
      return graph.node('Unsqueeze', scope, [wave, graph.integers([4])]);
    });
    const alternating = graph.node('Concat', scope, pair, { axis: 4n }); // [B, h, w, half / 2, 2]
    return graph.node('Reshape', scope, [alternating, graph.integers([0, -1, half])]); // [B, M, half]
  };
  const positions = graph.node('Concat', 'positions', [along('y', 1), along('x', 2)], { axis: 2n });

  const padding = graph.node('Sub', 'mask/keys', [graph.number(1), valid]);
  const scores = graph.node('Mul', 'mask/keys', [padding, graph.number(MASKED)]);
  const keyMask = graph.node('Reshape', 'mask/keys', [scores, graph.integers([0, 1, 1, -1])]);
  return { positions, keyMask };
}

/** One dimension out of a shape, without a dimension of its own. */
function sizeAt(graph: OnnxGraph, shape: string, axis: number): string {
  return graph.node('Gather', 'mask/size', [shape, graph.integer(axis)], { axis: 0n });
}

/** floor(k * in / out) for k below `out`: `[out]` int64. */
function addNearest(graph: OnnxGraph, scope: string, out: string, given: string): string {
  const cells = graph.node('Range', scope, [graph.integer(0), out, graph.integer(1)]);
  const scaled = graph.node('Mul', scope, [cells, given]);
  return graph.node('Div', scope, [scaled, out]);
}

/** A wavelength for each pair of sine and cosine: `[half / 2]`. */
function wavelengths(graph: OnnxGraph, half: number): string {
  return graph.constant('positions/wavelengths', 'f32', [half / 2], () =>
    Float32Array.from({ length: half / 2 }, (_, i) => TEMPERATURE ** Math.fround((2 * i) / half)),
  );
}
