import type { ChunkedFile } from '../../base/chunked-file.ts';
import type { ParameterValues } from '../../detr/parameters.ts';
import type { DetrConfig } from '../../detr/types.ts';
import { permuteConv } from '../key-map.ts';
import { addBackbone } from './backbone.ts';
import { OnnxGraph } from './graph.ts';
import { onnxFile } from './onnx-file.ts';
import { addTokenPlaces } from './token-places.ts';
import { addDecoder, addEncoder, addLinear } from './transformer.ts';

const PRODUCER_VERSION = '1';

/**
 * A DETR as an ONNX file: opset 17, IR 8, f32, batch norm folded, batch, height and width free.
 *
 * Inputs: `pixel_values` `[B, 3, H, W]` f32, normalised, zero on padding; `pixel_mask` `[B, Hm, Wm]` int64, 1 on real pixels,
 * of any size (transformers.js gives 64 x 64). Outputs, of the last decoder layer: `logits` `[B, Q, C + 1]`, "no object" last;
 * `pred_boxes` `[B, Q, 4]`, cxcywh, fraction of the picture.
 *
 * `values` as a checkpoint is read, convolutions `[kh, kw, in, out]`; borrowed for as long as the file is read.
 * Throws `bad-weights` for a model past 2 GiB.
 */
export function exportOnnx(config: DetrConfig, values: ParameterValues): ChunkedFile {
  const graph = new OnnxGraph();
  const { dModel: d, numQueries: Q, labels } = config;
  const pixels = graph.input('pixel_values', 'f32', ['batch_size', 3, 'height', 'width']);
  const pixelMask = graph.input('pixel_mask', 'i64', ['batch_size', 'mask_height', 'mask_width']);

  const features = addBackbone({ graph, config, values }, pixels);
  const places = addTokenPlaces(graph, config, pixelMask, features);
  const context = { graph, config, values, ...places };
  const memory = addEncoder(context, addProjection(context, features));
  const hidden = addDecoder(context, memory);

  const classes = labels.length + 1;
  const logits = addLinear(context, 'class_labels_classifier', [classes, d], hidden);
  const layer = (i: number, out: number, x: string) => addLinear(context, `bbox_predictor.layers.${i}`, [out, d], x);
  const first = graph.node('Relu', 'bbox_predictor', [layer(0, d, hidden)]);
  const second = graph.node('Relu', 'bbox_predictor', [layer(1, d, first)]);
  const boxes = graph.node('Sigmoid', 'bbox_predictor', [layer(2, 4, second)]);
  graph.output('logits', logits, 'f32', ['batch_size', Q, classes]);
  graph.output('pred_boxes', boxes, 'f32', ['batch_size', Q, 4]);
  return onnxFile(graph, PRODUCER_VERSION);
}

/** Features `[B, C, h, w]` to tokens `[B, h * w, d]`. */
function addProjection(
  { graph, config, values }: { graph: OnnxGraph; config: DetrConfig; values: ParameterValues },
  features: string,
): string {
  const scope = 'input_projection';
  const name = `model.${scope}`;
  const shape = [config.dModel, config.backbone.hiddenSizes.at(-1) ?? 0, 1, 1] as const;
  const weight = graph.constant(`${name}.weight`, 'f32', shape, () =>
    permuteConv(shape, values.get(`${name}.weight`) ?? new Float32Array(), 'to-checkpoint'),
  );
  const bias = graph.constant(
    `${name}.bias`,
    'f32',
    [config.dModel],
    () => values.get(`${name}.bias`) ?? new Float32Array(),
  );
  const projected = graph.node('Conv', scope, [features, weight, bias], { kernel_shape: [1, 1] });
  const flat = graph.node('Reshape', scope, [projected, graph.integers([0, config.dModel, -1])]);
  return graph.node('Transpose', scope, [flat], { perm: [0, 2, 1] });
}
