import { expect, test } from 'vitest';
import { ARCHITECTURES, architectureConfig } from '../detr/architectures.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { type Checkpoint, checkpointTexts, readCheckpointFiles } from './checkpoint-files.ts';
import { withCompleteConfig } from './complete-config.ts';
import { bundledFiles } from './test-bundled.ts';

/**
 * What `DetrConfig.__init__` takes, with the type of each: huggingface/transformers at 007ecf4a3a20,
 * src/transformers/models/detr/configuration_detr.py. `null` is allowed where its default is None or the code sets it so.
 */
const DETR_FIELDS: Readonly<Record<string, readonly string[]>> = {
  use_timm_backbone: ['boolean'],
  backbone_config: ['object', 'null'],
  num_channels: ['integer'],
  num_queries: ['integer'],
  encoder_layers: ['integer'],
  encoder_ffn_dim: ['integer'],
  encoder_attention_heads: ['integer'],
  decoder_layers: ['integer'],
  decoder_ffn_dim: ['integer'],
  decoder_attention_heads: ['integer'],
  encoder_layerdrop: ['integer', 'number'],
  decoder_layerdrop: ['integer', 'number'],
  is_encoder_decoder: ['boolean'],
  activation_function: ['string'],
  d_model: ['integer'],
  dropout: ['integer', 'number'],
  attention_dropout: ['integer', 'number'],
  activation_dropout: ['integer', 'number'],
  auxiliary_loss: ['boolean'],
  position_embedding_type: ['string'],
  backbone: ['string', 'null'],
  use_pretrained_backbone: ['boolean'],
  dilation: ['boolean'],
  // Costs and coefficients are whole numbers there but for the last.
  class_cost: ['integer'],
  bbox_cost: ['integer'],
  giou_cost: ['integer'],
  mask_loss_coefficient: ['integer'],
  dice_loss_coefficient: ['integer'],
  bbox_loss_coefficient: ['integer'],
  giou_loss_coefficient: ['integer'],
  eos_coefficient: ['integer', 'number'],
};

/** Of its base class, `PretrainedConfig`, and fields that it sets itself. */
const BASE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  model_type: ['string'],
  architectures: ['object'],
  id2label: ['object'],
  label2id: ['object'],
  torch_dtype: ['string'],
  num_hidden_layers: ['integer'],
  max_position_embeddings: ['integer'],
  scale_embedding: ['boolean'],
  transformers_version: ['string'],
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const VOC = ['aeroplane', 'bicycle', 'tvmonitor'];
const full = (config: Checkpoint['config']): Checkpoint => ({ ...tinyCheckpoint(), config });

test.each<[string, Checkpoint]>([
  ...ARCHITECTURES.map((name): [string, Checkpoint] => [name, full(architectureConfig(name, VOC))]),
  ['the bundled model', readCheckpointFiles(bundledFiles(), 'bundled')],
  ['a config that lacks most', tinyCheckpoint()],
])('the config of %s is one that transformers takes', (_, checkpoint) => {
  const written = JSON.parse(checkpointTexts(withCompleteConfig(checkpoint)).config) as Record<string, unknown>;
  for (const [field, value] of Object.entries(written)) {
    expect(DETR_FIELDS[field] ?? BASE_FIELDS[field], `${field} is a field of DetrConfig`).toContain(typeOf(value));
  }
  const { labels } = checkpoint.config;
  expect(written).toMatchObject({ model_type: 'detr', architectures: ['DetrForObjectDetection'] });
  expect(written.id2label).toEqual(Object.fromEntries(labels.map((label, id) => [String(id), label])));
  expect(written.label2id).toEqual(Object.fromEntries(labels.map((label, id) => [label, id])));
  // It refuses a config that says both.
  if (written.backbone_config) expect(written.use_timm_backbone ?? false).toBe(false);
  else expect(typeof written.backbone).toBe('string');
  expect(written.use_pretrained_backbone ?? false).toBe(false);
});

test('a config that lacks nothing goes out as it came in', () => {
  const checkpoint = readCheckpointFiles(bundledFiles(), 'bundled');
  expect(withCompleteConfig(checkpoint)).toBe(checkpoint);
});
