import { expect, test } from 'vitest';
import { architectureConfig } from '../../detr/architectures.ts';
import { tinyCheckpoint } from '../../train/test-run.ts';
import type { ModelFacts } from '../types.ts';
import { curveSvg } from './curve-svg.ts';
import { modelCard } from './model-card.ts';

const FACTS: ModelFacts = {
  name: 'cells',
  from: 'tiny, pretrained',
  dataSet: { name: 'BCCD', hash: '1e258b' },
  settings: { steps: 40, augment: 'flip' },
  metrics: { step: 40, map50: 0.3634, AP: 0.1, ap50OfClass: { disc: 0.5, square: null } },
  curve: {
    losses: Array.from({ length: 1000 }, (_, i) => ({ step: i + 1, loss: 8 / (i + 1) })),
    evals: [{ step: 1000, map50: 0.36 }],
  },
};

const card = (facts: Partial<ModelFacts> = {}, labels = ['disc', 'square']) =>
  modelCard({
    checkpoint: { ...tinyCheckpoint(), config: architectureConfig('resnet-50', labels) },
    facts: { ...FACTS, ...facts },
    folder: 'cells',
    receipt: 'Receipt.',
    curvePath: 'images/curve.svg',
    picturePath: null,
  });

test('a card has front matter, classes, data with its hash, figures, settings, the curve and three snippets', () => {
  const text = card();
  expect(text).toMatch(/^---\nlibrary_name: transformers\npipeline_tag: object-detection\n/);
  for (const part of [
    '- `0` disc\n- `1` square',
    '`1e258b`',
    'tiny, pretrained',
    'AP50 (VOC) 36.3 %, AP (COCO) 10.0 %',
    '| square | none |',
    '| augment | "flip" |',
    '](images/curve.svg)',
    'Receipt.',
    'model="./cells"',
    'pip install transformers torch pillow timm',
    "pipeline('object-detection', 'cells', { dtype: 'fp32' })",
    'image_processor.size = { shortest_edge: 64 }',
    'onnxruntime.InferenceSession("onnx/model.onnx")',
    'min(64 / min(image.size), 106 / max(image.size))',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toMatch(/undefined|null|NaN|\n\n\n/);
});

test('what people called their classes means nothing to Markdown', () => {
  const text = card({ name: 'a | b\n# <script>' }, ['[x](javascript:1)', '**`tick`**']);
  expect(text).toContain('# a \\| b \\# &lt;script>');
  expect(text).toContain('- `0` \\[x\\]\\(javascript:1\\)');
  expect(text).toContain('- `1` \\*\\*\\`tick\\`\\*\\*');
});

test('weights of which nothing is known have a card that says so', () => {
  const nothing = { from: null, dataSet: null, settings: null, metrics: null };
  expect(card(nothing)).toContain('Nothing is known here of the data');
  expect(card(nothing)).not.toMatch(/## Measured|## Settings/);
});

test('the curve is drawn from few points, and not at all from none', () => {
  const svg = curveSvg(FACTS) ?? '';
  expect(svg).toContain('<desc>The loss over 1000 steps, and AP50, 36.0 % in the end.</desc>');
  expect(svg.length).toBeLessThan(8000);
  expect(svg).not.toMatch(/NaN|undefined/);
  expect(curveSvg({ ...FACTS, curve: { losses: [], evals: [] } })).toBeNull();
});
