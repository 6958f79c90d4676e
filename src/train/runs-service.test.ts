import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BlobReader, TextWriter, ZipReader } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../interop/checkpoint-files.ts';
import { keptRunStore } from './kept-run-store.ts';
import { createRunsService } from './runs-service.ts';
import { tinyCheckpoint } from './test-run.ts';
import { keptSummary, stepRecordOf, testRunDatabase } from './test-run-database.ts';
import type { RunSummary } from './types.ts';

async function serviceWithRun(isTraining = false) {
  const database = testRunDatabase();
  const summary = { ...keptSummary('a'), name: 'emoji/scenes 2', note: 'odd' };
  await database.runs.put([[['a'], { summary, run: { dataHash: 'painted' } }]]);
  const store = keptRunStore(database, { id: 'a', name: summary.name, onNotice: () => {} });
  for (let step = 1; step <= 11; step++) await store.appendMetrics(stepRecordOf(step));
  await store.saveCheckpoint(
    'last',
    new Map([...writeCheckpoint(tinyCheckpoint(1)), ['optimizer', new Uint8Array(9)]]),
  );
  const service = createRunsService({
    database,
    isTraining: async () => isTraining,
    whileNoneBegins: (work) => work(),
  });
  return { database, store, service };
}

test('the weights of a run are one file that says itself what model it is of', async () => {
  const { service } = await serviceWithRun();
  const { name, blob } = await service.runWeights('a', 'last');
  expect(name).toBe('emoji-scenes-2-last.safetensors');
  const checkpoint = readCheckpoint({ weights: new Uint8Array(await blob.arrayBuffer()) }, name);
  expect(checkpoint.config.labels).toEqual(['disc', 'square']);
  expect(checkpoint.weights.values).toEqual(tinyCheckpoint(1).weights.values);
  await expect(service.runWeights('a', 'best')).rejects.toMatchObject({ code: 'not-found' });
});

test('an exported run is a zip of one folder with its best weights and every record', async () => {
  const { service, store } = await serviceWithRun();
  await store.saveCheckpoint('best', writeCheckpoint(tinyCheckpoint(2)));
  const { name, blob } = await service.exportRun('a');
  expect(name).toBe('emoji-scenes-2.zip');
  const entries = await new ZipReader(new BlobReader(blob)).getEntries();
  const texts = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.directory && !entry.filename.endsWith('.safetensors')) {
      texts.set(entry.filename, await entry.getData(new TextWriter()));
    }
  }
  expect(entries.map(({ filename }) => filename)).toEqual([
    'emoji-scenes-2/config.json',
    'emoji-scenes-2/preprocessor_config.json',
    'emoji-scenes-2/model.safetensors',
    'emoji-scenes-2/metrics.jsonl',
    'emoji-scenes-2/run.json',
  ]);
  const lines = texts.get('emoji-scenes-2/metrics.jsonl')?.trim().split('\n') ?? [];
  expect(lines.map((line) => JSON.parse(line).step)).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
  expect(JSON.parse(texts.get('emoji-scenes-2/run.json') ?? '')).toMatchObject({ dataHash: 'painted', note: 'odd' });
});

test('a run that trains is not deleted, one that was interrupted is', async () => {
  const going = await serviceWithRun(true);
  await expect(going.service.removeRun('a')).rejects.toMatchObject({ code: 'usage' });
  expect(await going.service.runs()).toMatchObject([{ id: 'a', status: 'going' }]);
  const { service } = await serviceWithRun(false);
  expect(await service.runs()).toMatchObject([{ id: 'a', status: 'interrupted' }]);
  expect((await service.removeRun('a')).freedBytes).toBeGreaterThan(0);
  expect(await service.runs()).toEqual([]);
});

test('a run of the first version is told with the settings that it had without naming them', async () => {
  const { service, database } = await serviceWithRun();
  const { recipe, schedule, warmupSteps, headSteps, augment, ...early } = keptSummary('a').settings;
  const settings = { ...early, lrDrop: 300 } as RunSummary['settings'];
  await database.runs.put([[['a'], { summary: { ...keptSummary('a'), settings }, run: {} }]]);
  const told = { recipe: null, schedule: 'step', lrDrop: 300, warmupSteps: 0, headSteps: 0, augment: 'flip' };
  expect(await service.runs()).toMatchObject([{ settings: told }]);
  expect(await service.runHistory('a')).toMatchObject({ summary: { settings: told } });
});

test('names and notes are changed alone, and an empty name is refused', async () => {
  const { service } = await serviceWithRun();
  await service.renameRun('a', ' better ');
  await service.noteRun('a', 'with care');
  expect(await service.runs()).toMatchObject([{ name: 'better', note: 'with care', stepsDone: 0 }]);
  await expect(service.renameRun('a', ' ')).rejects.toMatchObject({ code: 'usage' });
  await expect(service.noteRun('b', '')).rejects.toMatchObject({ code: 'not-found' });
});

test('the data worker gets no TensorFlow.js with it', () => {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, names, from = ''] of readFileSync(path, 'utf8').matchAll(
      /^(?:import|export) ([^;]*?)from '(.+?)';/gms,
    )) {
      if (names?.startsWith('type ')) continue;
      expect(from, path).not.toMatch(/tensorflow/);
      if (from.startsWith('.')) visit(join(dirname(path), from));
    }
  };
  visit(join(import.meta.dirname, 'runs-service.ts'));
  expect(seen.size).toBeGreaterThan(5);
});
