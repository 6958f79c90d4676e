import { StudioError } from '../../src/base/errors.ts';
import { parseDetrConfig } from '../../src/detr/config.ts';
import { BACKBONE_PREFIX } from '../../src/detr/parameter-specs.ts';
import type { DetrConfig } from '../../src/detr/types.ts';

/** Tensor names and their shapes. */
export type TensorShapes = Readonly<Record<string, readonly number[]>>;

/** Of every DETR that was published; no tensor's shape tells it. */
const ATTENTION_HEADS = 8;

/**
 * The config of a DETR whose tensors have these shapes: depths, widths and counts are read off them, costs and
 * coefficients are the paper's, dropout is 0, classes are called by their numbers. Throws `bad-weights` where a tensor
 * that it needs is missing.
 */
export function configOfShapes(shapes: TensorShapes): DetrConfig {
  const dimension = (name: string, axis: number): number => {
    const size = shapes[name]?.[axis];
    if (size === undefined) throw new StudioError('bad-weights', `The list of tensors has no "${name}".`);
    return size;
  };
  const count = (pattern: RegExp): number =>
    new Set(Object.keys(shapes).flatMap((name) => pattern.exec(name)?.[1] ?? [])).size;
  const stages = [1, 2, 3, 4].map((s) => `${BACKBONE_PREFIX}layer${s}`);
  const labels = dimension('class_labels_classifier.bias', 0) - 1;
  return parseDetrConfig(
    JSON.stringify({
      model_type: 'detr',
      backbone_config: {
        embedding_size: dimension(`${BACKBONE_PREFIX}conv1.weight`, 0),
        hidden_sizes: stages.map((stage) => dimension(`${stage}.0.conv3.weight`, 0)),
        depths: stages.map((stage) => count(new RegExp(`^${stage.replaceAll('.', '\\.')}\\.(\\d+)\\.`))),
      },
      d_model: dimension('model.input_projection.bias', 0),
      encoder_layers: count(/^model\.encoder\.layers\.(\d+)\./),
      decoder_layers: count(/^model\.decoder\.layers\.(\d+)\./),
      encoder_attention_heads: ATTENTION_HEADS,
      decoder_attention_heads: ATTENTION_HEADS,
      encoder_ffn_dim: dimension('model.encoder.layers.0.fc1.bias', 0),
      decoder_ffn_dim: dimension('model.decoder.layers.0.fc1.bias', 0),
      num_queries: dimension('model.query_position_embeddings.weight', 0),
      dropout: 0,
      id2label: Object.fromEntries(Array.from({ length: labels }, (_, id) => [id, String(id)])),
    }),
    'tensors.json',
  );
}
