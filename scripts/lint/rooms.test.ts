import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PROJECT_ROOT } from '../setup/project-root.ts';
import { runQuietly } from '../setup/run-quietly.ts';

// The import table of docs/architecture.md, once more: Biome must refuse exactly what is not in it.
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  tf: ['base'],
  kernels: ['base', 'tf'],
  data: ['base'],
  metrics: ['base'],
  detr: ['base', 'tf', 'kernels'],
  loss: ['base', 'tf', 'kernels'],
  interop: ['base', 'tf', 'detr', 'data'],
  predict: ['base', 'tf', 'kernels', 'detr', 'data', 'interop'],
  train: ['base', 'tf', 'kernels', 'detr', 'loss', 'data', 'metrics', 'interop', 'predict'],
  project: ['base', 'data', 'train'],
  rpc: ['base'],
  platform: ['base'],
  state: ['base', 'rpc'],
  ui: ['base', 'state', 'metrics'],
};
const ROOMS = Object.keys(MAY_IMPORT);

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** A project with the real configuration and made-up files. */
let project = '';
/** `file:line` of what Biome refuses. */
let refused: ReadonlySet<string> = new Set();

const FORMS: readonly ((from: string) => string)[] = [
  (from) => `import { a } from '${from}';`,
  (from) => `import type { A } from '${from}';`,
  (from) => `export type { A } from '${from}';`,
  (from) => `export * from '${from}';`,
  (from) => `export const load = () => import('${from}');`,
  (from) => `export type T = import('${from}').A;`,
];

const PROBES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ROOMS.map((room) => [`src/${room}/table.ts`, ROOMS.map((other) => `import { a } from '../${other}/thing.ts';`)]),
  ),
  'src/base/forms.ts': FORMS.map((form) => form('../detr/model.ts')),
  'src/detr/inner/deeper.ts': [
    "import { a } from '../../loss/set-loss.ts';",
    "import { b } from '../../base/boxes.ts';",
  ],
  'src/rpc/types-only.ts': [
    "import type { A } from '../train/types.ts';",
    "import type { B } from '../train/loop.ts';",
  ],
  'src/loss/types-only.ts': ["import type { A } from '../detr/types.ts';", "import { b } from '../detr/model.ts';"],
  'src/ui/types-only.ts': ["import type { A } from '../rpc/protocol.ts';", "import { b } from '../rpc/spawn.ts';"],
  'src/loss/tfjs.ts': [
    "import * as tf from '@tensorflow/tfjs';",
    "import { b } from '@tensorflow/tfjs-core/dist/ops.js';",
  ],
  'src/loss/tfjs.test.ts': ["import * as tf from '@tensorflow/tfjs';", "import { a } from '../train/step.ts';"],
  'src/tf/tfjs.ts': ["import * as tf from '@tensorflow/tfjs';"],
  'bench/tfjs.ts': ["import * as tf from '@tensorflow/tfjs';"],
  'src/train/platform.ts': ["import { readFile } from 'node:fs/promises';", "import { useState } from 'react';"],
  'src/platform/node/files.ts': ["import { readFile } from 'node:fs/promises';"],
  'src/detr/readback.ts': [
    'export const a = (t: Loose) => t.dataSync();',
    'export const b = (t: Loose) => t.sub(1).arraySync().length;',
    'export const c = (t: Loose) => t?.dataSync();',
    "export const d = (t: Loose) => t['dataSync']();",
    'export const e = ({ dataSync }: Loose) => dataSync;',
    'export const f = ({ arraySync: read }: Loose) => read;',
    'export const g = (t: Loose) => t.data();',
  ],
};

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'detrain-lint-'));
  const configuration = JSON.parse(readFileSync(join(PROJECT_ROOT, 'biome.json'), 'utf8')) as object;
  writeFileSync(join(project, 'biome.json'), JSON.stringify({ ...configuration, vcs: { enabled: false } }));
  cpSync(join(PROJECT_ROOT, 'scripts/lint'), join(project, 'scripts/lint'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
  for (const [file, lines] of Object.entries(PROBES)) {
    mkdirSync(join(project, file, '..'), { recursive: true });
    writeFileSync(join(project, file), `${lines.join('\n')}\n`);
  }
  refused = await lint(project);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

async function lint(folder: string): Promise<ReadonlySet<string>> {
  const biome = join(PROJECT_ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout, stderr } = await runQuietly(
    process.execPath,
    [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
    { timeoutMs: 60_000, cwd: folder },
  );
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`Biome printed no report: ${stderr}`);
  const { diagnostics } = JSON.parse(stdout.slice(start)) as { diagnostics: readonly Diagnostic[] };
  const ours = diagnostics.filter(({ category }) => category === 'plugin' || category.includes('noRestrictedImports'));
  return new Set(ours.map(({ location }) => `${location.path}:${location.start.line}`));
}

function refusedLines(file: string): readonly number[] {
  const lines = PROBES[file] ?? [];
  return lines.map((_, index) => index + 1).filter((line) => refused.has(`${file}:${line}`));
}

test.each(ROOMS)('src/%s may import what the table says, and no other room', (room) => {
  const lines = refusedLines(`src/${room}/table.ts`);
  const allowed = ROOMS.filter((_, index) => !lines.includes(index + 1));
  expect(allowed.filter((other) => other !== room).sort()).toEqual([...(MAY_IMPORT[room] ?? [])].sort());
});

test.each([
  ['static and dynamic imports, re-exports and types', 'src/base/forms.ts', [1, 2, 3, 4, 5, 6]],
  ['folders inside a room', 'src/detr/inner/deeper.ts', [1]],
  ["rpc takes other rooms' types only", 'src/rpc/types-only.ts', [2]],
  ["loss takes detr's and data's types only", 'src/loss/types-only.ts', [2]],
  ["ui takes rpc's types only", 'src/ui/types-only.ts', [2]],
  ['TensorFlow.js outside tf', 'src/loss/tfjs.ts', [1, 2]],
  ['TensorFlow.js outside tf, in a test; tests may join rooms', 'src/loss/tfjs.test.ts', [1]],
  ['TensorFlow.js in tf', 'src/tf/tfjs.ts', []],
  ['TensorFlow.js in bench', 'bench/tfjs.ts', [1]],
  ['Node and React in the core', 'src/train/platform.ts', [1, 2]],
  ['Node in platform', 'src/platform/node/files.ts', []],
  ['synchronous readback of tensors', 'src/detr/readback.ts', [1, 2, 3, 4, 5, 6]],
])('%s', (_, file, lines) => {
  expect(refusedLines(file)).toEqual(lines);
});
