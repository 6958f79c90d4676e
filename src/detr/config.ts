import { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import type { BackboneConfig, DetrConfig } from './types.ts';

/** Far above any published model: a config from a stranger must not make the reader count to a billion. */
const count = z.number().int().positive().max(100_000);
const layers = z.number().int().positive().max(1000);
const fraction = z.number().min(0).max(0.999);
const cost = z.number().nonnegative();

const configSchema = z.object({
  model_type: z.literal('detr'),
  backbone: z.string().nullish(),
  backbone_config: z
    .object({
      embedding_size: count,
      hidden_sizes: z.array(count).length(4),
      depths: z.array(layers).length(4),
      layer_type: z.literal('bottleneck').default('bottleneck'),
      downsample_in_bottleneck: z.literal(false).default(false),
      downsample_in_first_stage: z.literal(false).default(false),
    })
    .nullish(),
  dilation: z.boolean().nullish(),
  num_channels: z.literal(3).default(3),
  d_model: count,
  encoder_layers: layers,
  decoder_layers: layers,
  encoder_attention_heads: count,
  decoder_attention_heads: count,
  encoder_ffn_dim: count,
  decoder_ffn_dim: count,
  num_queries: count,
  activation_function: z.literal('relu').default('relu'),
  position_embedding_type: z.literal('sine').default('sine'),
  dropout: fraction.default(0.1),
  attention_dropout: fraction.default(0),
  activation_dropout: fraction.default(0),
  class_cost: cost.default(1),
  bbox_cost: cost.default(5),
  giou_cost: cost.default(2),
  bbox_loss_coefficient: cost.default(5),
  giou_loss_coefficient: cost.default(2),
  eos_coefficient: cost.default(0.1),
  id2label: z.record(z.string(), z.string()),
});

/** timm's names of the bottleneck ResNets, by their depths. */
const NAMED_DEPTHS: ReadonlyMap<string, readonly number[]> = new Map([
  ['resnet50', [3, 4, 6, 3]],
  ['resnet101', [3, 4, 23, 3]],
  ['resnet152', [3, 8, 36, 3]],
]);

/**
 * Reads the text of a config.json. `file` is its name, for messages.
 *
 * Throws `bad-config` naming the first field that does not fit. A DETR of another kind (learned positions, a basic-block
 * ResNet) is refused the same way.
 */
export function parseDetrConfig(text: string, file = 'config.json'): DetrConfig {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new StudioError(
      'bad-config',
      `${file} is not JSON (${(cause as Error).message}); expected the config.json of a DETR checkpoint.`,
      { file },
      { cause },
    );
  }
  const result = configSchema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0];
    const field = issue?.path.join('.') || 'the file';
    const found = issue?.path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
      raw,
    );
    throw new StudioError(
      'bad-config',
      `${file}: "${field}" is ${shown(found)}: ${issue?.message ?? 'not as expected'}. Expected the config.json of a DETR checkpoint (model_type "detr", sine positions, bottleneck ResNet).`,
      { file, field },
    );
  }
  const c = result.data;
  return {
    backbone: backboneOf(c.backbone, c.backbone_config, file),
    dilation: c.dilation ?? false,
    dModel: c.d_model,
    encoderLayers: c.encoder_layers,
    decoderLayers: c.decoder_layers,
    encoderHeads: headsOf('encoder_attention_heads', c.encoder_attention_heads, c.d_model, file),
    decoderHeads: headsOf('decoder_attention_heads', c.decoder_attention_heads, c.d_model, file),
    encoderFfnDim: c.encoder_ffn_dim,
    decoderFfnDim: c.decoder_ffn_dim,
    numQueries: c.num_queries,
    labels: labelsOf(c.id2label, file),
    dropout: c.dropout,
    attentionDropout: c.attention_dropout,
    activationDropout: c.activation_dropout,
    classCost: c.class_cost,
    bboxCost: c.bbox_cost,
    giouCost: c.giou_cost,
    bboxLossCoefficient: c.bbox_loss_coefficient,
    giouLossCoefficient: c.giou_loss_coefficient,
    eosCoefficient: c.eos_coefficient,
    raw: raw as Record<string, unknown>,
  };
}

/** The same model with a head for other classes; `raw` follows. */
export function withLabels(config: DetrConfig, labels: readonly string[]): DetrConfig {
  const id2label = Object.fromEntries(labels.map((label, id) => [String(id), label]));
  // A null prototype, so that a class may be called anything, "__proto__" too.
  const label2id: Record<string, number> = Object.create(null);
  for (const [id, label] of labels.entries()) label2id[label] = id;
  const { num_labels: _, ...raw } = config.raw;
  return { ...config, labels, raw: { ...raw, id2label, label2id } };
}

/** A value for a message, no longer than a line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function backboneOf(
  name: string | null | undefined,
  config: z.infer<typeof configSchema>['backbone_config'],
  file: string,
): BackboneConfig {
  if (config) {
    return { embeddingSize: config.embedding_size, hiddenSizes: config.hidden_sizes, depths: config.depths };
  }
  const depths = NAMED_DEPTHS.get(name ?? '');
  if (!depths) {
    throw new StudioError(
      'bad-config',
      `${file}: "backbone" is ${JSON.stringify(name) ?? 'missing'} and there is no "backbone_config"; expected one of ${[...NAMED_DEPTHS.keys()].join(', ')}, or a backbone_config of a bottleneck ResNet.`,
      { file, field: 'backbone' },
    );
  }
  return { embeddingSize: 64, hiddenSizes: [256, 512, 1024, 2048], depths };
}

function headsOf(field: string, heads: number, dModel: number, file: string): number {
  if (dModel % heads !== 0 || dModel % 4 !== 0) {
    throw new StudioError(
      'bad-config',
      `${file}: "d_model" is ${dModel} and "${field}" is ${heads}; expected a width that is a multiple of its heads and of 4.`,
      { file, field },
    );
  }
  return heads;
}

function labelsOf(id2label: Record<string, string>, file: string): string[] {
  const size = Object.keys(id2label).length;
  const labels: string[] = [];
  for (let id = 0; id < size; id++) {
    const label = id2label[String(id)];
    if (label === undefined) {
      throw new StudioError(
        'bad-config',
        `${file}: "id2label" has ${size} entries but none for id ${id}; expected the ids 0 to ${size - 1} without a gap.`,
        { file, field: 'id2label' },
      );
    }
    labels.push(label);
  }
  if (size === 0) {
    throw new StudioError('bad-config', `${file}: "id2label" is empty; expected at least one class.`, { file });
  }
  return labels;
}
