import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWithFixture, readBytes, readJson } from '../base/test-fixtures.ts';
import { architectureConfig } from './architectures.ts';
import { parseDetrConfig } from './config.ts';
import { backboneStages, parameterSpecs } from './parameter-specs.ts';

const labels = (count: number) => Array.from({ length: count }, (_, i) => `class${i}`);

describeWithFixture('golden/r50/tensors.json', 'DETR-R50 as published', (file) => {
  test('has those 530 tensors, each of its shape', () => {
    const expected = readJson<Readonly<Record<string, readonly number[]>>>(file);
    const specs = parameterSpecs(architectureConfig('resnet-50', labels(91)));
    expect(specs).toHaveLength(530);
    expect(Object.fromEntries(specs.map(({ name, shape }) => [name, shape]))).toEqual(expected);
  });
});

interface GoldenName {
  readonly hf: string;
  readonly shape: readonly number[];
  readonly kind: 'param' | 'frozen_param' | 'buffer';
  readonly lr_group: 'main' | 'backbone' | null;
}

describeWithFixture('golden/tiny', 'the tiny golden model', (folder) => {
  test('has those tensors, each learning at its own rate or not at all', () => {
    const config = parseDetrConfig(new TextDecoder().decode(readBytes(join(folder, 'config.json'))));
    const roleOf = ({ hf, kind, lr_group }: GoldenName) => {
      if (hf.startsWith('class_labels_classifier.')) return 'class-head';
      if (kind === 'buffer') return 'batch-norm';
      if (kind === 'frozen_param') return 'frozen';
      return lr_group === 'main' ? 'transformer' : lr_group;
    };
    const golden = readJson<readonly GoldenName[]>(join(folder, 'names.json'));
    const expected = golden.map((each) => ({ name: each.hf, shape: each.shape, role: roleOf(each) }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(parameterSpecs(config).toSorted(byName)).toEqual(expected.toSorted(byName));
  });
});

test('no name comes twice', () => {
  const names = parameterSpecs(architectureConfig('resnet-101', labels(20))).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('stages halve the grid at their first block; DC5 dilates the last stage after its first block instead', () => {
  const steps = (architecture: 'resnet-50' | 'resnet-50-dc5') =>
    backboneStages(architectureConfig(architecture, labels(1))).map((blocks) =>
      blocks.map(({ stride, dilation, hasShortcut }) => `${stride}/${dilation}${hasShortcut ? ' shortcut' : ''}`),
    );
  const plain = steps('resnet-50');
  expect(plain.map((blocks) => blocks.length)).toEqual([3, 4, 6, 3]);
  expect(plain[0]).toEqual(['1/1 shortcut', '1/1', '1/1']);
  expect(plain[3]).toEqual(['2/1 shortcut', '1/1', '1/1']);
  const dc5 = steps('resnet-50-dc5');
  expect(dc5.slice(0, 3)).toEqual(plain.slice(0, 3));
  expect(dc5[3]).toEqual(['1/1 shortcut', '1/2', '1/2']);
});

test('a dilated stage whose width does not change needs no shortcut', () => {
  const config = architectureConfig('resnet-50-dc5', labels(1));
  const backbone = { embeddingSize: 8, hiddenSizes: [8, 16, 32, 32], depths: [1, 1, 1, 1] };
  const shortcuts = (dilation: boolean) =>
    backboneStages({ ...config, backbone, dilation }).map(([block]) => block?.hasShortcut);
  expect(shortcuts(true)).toEqual([false, true, true, false]);
  expect(shortcuts(false)).toEqual([false, true, true, true]);
});
