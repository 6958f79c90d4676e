import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeWithFixture, readBytes } from '../base/test-fixtures.ts';
import { refusalOf } from '../base/test-refusal.ts';
import { bundledText } from '../interop/test-bundled.ts';
import { ARCHITECTURES, architectureConfig } from './architectures.ts';
import { parseDetrConfig, withLabels } from './config.ts';

const GOOD = {
  model_type: 'detr',
  backbone_config: { embedding_size: 8, hidden_sizes: [16, 16, 32, 32], depths: [1, 1, 1, 1] },
  d_model: 16,
  encoder_layers: 1,
  decoder_layers: 2,
  encoder_attention_heads: 2,
  decoder_attention_heads: 4,
  encoder_ffn_dim: 32,
  decoder_ffn_dim: 24,
  num_queries: 6,
  id2label: { '0': 'disc', '1': 'square' },
};

const parse = (changes: Readonly<Record<string, unknown>>) => parseDetrConfig(JSON.stringify({ ...GOOD, ...changes }));

test('the bundled config is read, and its whole file kept', () => {
  const text = bundledText('config.json');
  const config = parseDetrConfig(text);
  expect(config).toMatchObject({
    backbone: { embeddingSize: 24, hiddenSizes: [64, 128, 256, 384], depths: [1, 1, 2, 1] },
    dilation: false,
    dModel: 96,
    encoderLayers: 2,
    decoderLayers: 3,
    encoderHeads: 4,
    encoderFfnDim: 256,
    numQueries: 25,
    dropout: 0.1,
    attentionDropout: 0,
    eosCoefficient: 0.1,
  });
  expect(config.labels).toHaveLength(36);
  expect([config.labels[0], config.labels[12], config.labels[35]]).toEqual(['airplane', 'cat', 'zebra']);
  expect(config.raw).toEqual(JSON.parse(text));
});

describeWithFixture('golden/tiny', 'golden configs', (folder) => {
  test.each(['config.json', 'config_no_timm.json'])('%s takes its widths from backbone_config', (name) => {
    const config = parseDetrConfig(new TextDecoder().decode(readBytes(join(folder, name))));
    expect(config.backbone).toEqual({ embeddingSize: 4, hiddenSizes: [16, 32, 64, 128], depths: [1, 2, 2, 2] });
    expect(config).toMatchObject({ dModel: 32, decoderLayers: 2, numQueries: 10, dropout: 0 });
    expect(config.labels).toEqual(['class0', 'class1', 'class2', 'class3', 'class4']);
  });
});

test('what a config leaves out is what the original DETR has', () => {
  expect(parse({ dilation: null })).toMatchObject({
    dilation: false,
    dropout: 0.1,
    classCost: 1,
    bboxCost: 5,
    giouCost: 2,
    bboxLossCoefficient: 5,
    giouLossCoefficient: 2,
    eosCoefficient: 0.1,
  });
});

describe('refused, by the name of the field', () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['model_type', { model_type: 'yolos' }],
    ['d_model', { d_model: 0 }],
    ['d_model', { d_model: '256' }],
    ['num_queries', { num_queries: -3 }],
    ['encoder_layers', { encoder_layers: 1.5 }],
    ['dropout', { dropout: 1 }],
    ['num_channels', { num_channels: 1 }],
    ['position_embedding_type', { position_embedding_type: 'learned' }],
    ['activation_function', { activation_function: 'gelu' }],
    ['eos_coefficient', { eos_coefficient: -1 }],
    ['backbone_config.layer_type', { backbone_config: { ...GOOD.backbone_config, layer_type: 'basic' } }],
    ['backbone_config.hidden_sizes', { backbone_config: { ...GOOD.backbone_config, hidden_sizes: [16, 16, 32] } }],
    [
      'backbone_config.downsample_in_bottleneck',
      { backbone_config: { ...GOOD.backbone_config, downsample_in_bottleneck: true } },
    ],
    ['backbone', { backbone_config: null }],
    ['backbone', { backbone_config: null, backbone: 'resnet18' }],
    ['encoder_attention_heads', { encoder_attention_heads: 3 }],
    ['decoder_attention_heads', { decoder_attention_heads: 5 }],
    ['id2label', { id2label: undefined }],
    ['id2label', { id2label: {} }],
    ['id2label', { id2label: { '0': 'a', '2': 'c' } }],
    ['id2label', { id2label: { '1': 'a', '2': 'c' } }],
  ])('%s of %j', (field, changes) => {
    const error = refusalOf(() => parse(changes));
    expect(error.code).toBe('bad-config');
    expect(error.message).toContain('config.json');
    expect(error.message).toContain(`"${field}"`);
    expect(error.message).toMatch(/[Ee]xpected/);
    expect(error.message).not.toContain('\n');
  });

  test('a model wider than its heads divide says both numbers', () => {
    expect(refusalOf(() => parse({ encoder_attention_heads: 3 })).message).toMatch(
      /16.*"encoder_attention_heads" is 3/,
    );
  });

  test('a gap in the ids says which is missing', () => {
    expect(refusalOf(() => parse({ id2label: { '0': 'a', '2': 'c' } })).message).toMatch(/none for id 1\b/);
  });

  test.each([
    ['{}', /"model_type" is missing/],
    ['[]', /the file/],
    ['null', /the file/],
    ['', /is not JSON/],
    ['<!doctype html>', /is not JSON/],
    [JSON.stringify(GOOD).slice(0, -1), /is not JSON/],
  ])('the text %s', (text, message) => {
    const error = refusalOf(() => parseDetrConfig(text, 'mine/config.json'));
    expect(error.code).toBe('bad-config');
    expect(error.message).toMatch(message);
    expect(error.message).toContain('mine/config.json');
  });
});

describe('withLabels', () => {
  const labels = ['__proto__', 'toString', 'cat', 'Katze – 猫'];

  test('any names make a config that reads back with the same classes', () => {
    const config = withLabels(parse({ num_labels: 2, label2id: { disc: 0, square: 1 }, kept: [1] }), labels);
    const text = JSON.stringify(config.raw);
    expect(parseDetrConfig(text).labels).toEqual(labels);
    // Read as text: of an object, `__proto__` is no key but its prototype.
    expect(text).toContain('"label2id":{"__proto__":0,"toString":1,"cat":2,"Katze – 猫":3}');
    expect(config.raw).not.toHaveProperty('num_labels');
    expect(config.raw.kept).toEqual([1]);
  });

  test('the config that it is made from stays as it was', () => {
    const before = parse({});
    withLabels(before, labels);
    expect(before.labels).toEqual(['disc', 'square']);
    expect(before.raw.id2label).toEqual(GOOD.id2label);
  });
});

test.each(ARCHITECTURES)('the published %s', (architecture) => {
  const config = architectureConfig(architecture, ['a', '__proto__']);
  expect(config.labels).toEqual(['a', '__proto__']);
  expect(config.backbone.depths).toEqual(architecture === 'resnet-101' ? [3, 4, 23, 3] : [3, 4, 6, 3]);
  expect(config.dilation).toBe(architecture === 'resnet-50-dc5');
  // Some readers refuse a null there, and would download ImageNet's weights.
  expect(config.raw).toMatchObject({ use_pretrained_backbone: false, use_timm_backbone: true });
  expect(Object.values(config.raw)).not.toContain(null);
});
