import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors.ts';
import { startTestHub, type TestHub } from '../../src/interop/test-hub.ts';
import { runScriptHere } from '../cli/test-in-process.ts';
import { TINY_CHECKPOINT } from './bundled.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { changedCheckpoint } from './test-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-hub-model-'));
const MODEL = 'someone/tiny-detr';
let hub: TestHub;
beforeAll(async () => {
  vi.stubEnv('XDG_CACHE_HOME', folder);
  const files = new Map(readdirSync(TINY_CHECKPOINT).map((name) => [name, readFileSync(join(TINY_CHECKPOINT, name))]));
  hub = await startTestHub({ [`${MODEL}@main`]: files, 'facebook/detr-resnet-50@no_timm': files });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a model by name is fetched, listed with its size, used without the hub, and deleted', async () => {
  hub.privateTo.set(MODEL, 'hf_secret');
  const mirror = ['--mirror', hub.address];
  const closed = await runScriptHere('models', ['--fetch', MODEL, ...mirror]);
  expect(closed).toMatchObject({ code: 1, stderr: expect.stringContaining('HF_TOKEN') });
  vi.stubEnv('HF_TOKEN', 'hf_secret');
  const fetched = await runScriptHere('models', ['--fetch', MODEL, ...mirror]);
  expect(fetched.stderr).toMatch(/^Fetching someone\/tiny-detr from 127\.0\.0\.1:\d+; it is kept in /);
  expect(fetched.stdout).toMatch(/^someone\/tiny-detr: [\d.]+ MB, from 127\.0\.0\.1:\d+\n$/);
  const asked = hub.asked.length;
  const { checkpoint, path } = await openCheckpoint(MODEL);
  expect(path).toBe(MODEL);
  expect(checkpoint).toEqual((await openCheckpoint('tiny')).checkpoint);
  expect(hub.asked.length).toBe(asked);
  expect(JSON.parse((await runScriptHere('models', ['--json'])).stdout)).toMatchObject([
    { name: MODEL, complete: true },
  ]);
  expect((await runScriptHere('models', ['--delete', MODEL])).stderr).toMatch(
    /Deleted someone\/tiny-detr: [\d.]+ MB freed/,
  );
  expect((await runScriptHere('models', [])).stdout).toMatch(/No model of the hub is kept/);
});

test('a short name with a revision, and HF_ENDPOINT for the hub', async () => {
  vi.stubEnv('HF_ENDPOINT', hub.address);
  expect((await openCheckpoint('resnet-50@no_timm')).path).toBe('facebook/detr-resnet-50@no_timm');
  await expect(openCheckpoint('resnet-50')).rejects.toMatchObject({
    message: expect.stringContaining('no revision "main"'),
  });
});

test('a folder whose weights lie in several files is read by its index; one with a .bin alone is told what to do', async () => {
  const sharded = changedCheckpoint(join(folder, 'sharded'), {});
  const { tensors, metadata } = readSafetensors(readFileSync(join(sharded, 'model.safetensors')));
  rmSync(join(sharded, 'model.safetensors'));
  const halves = [[...tensors].slice(0, 40), [...tensors].slice(40)];
  const weight_map: Record<string, string> = {};
  for (const [index, half] of halves.entries()) {
    const name = `model-0000${index + 1}-of-00002.safetensors`;
    writeFileSync(join(sharded, name), writeSafetensors(half, metadata));
    for (const [tensor] of half) weight_map[tensor] = name;
  }
  writeFileSync(join(sharded, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
  expect((await openCheckpoint(sharded)).checkpoint).toEqual((await openCheckpoint('tiny')).checkpoint);
  rmSync(join(sharded, 'model-00002-of-00002.safetensors'));
  await expect(openCheckpoint(sharded)).rejects.toMatchObject({
    message: expect.stringMatching(/00002-of-00002\.safetensors is not there/),
  });

  const pickled = changedCheckpoint(join(folder, 'pickled'), {});
  rmSync(join(pickled, 'model.safetensors'));
  writeFileSync(join(pickled, 'pytorch_model.bin'), 'x');
  await expect(openCheckpoint(pickled)).rejects.toMatchObject({
    code: 'bad-weights',
    message: expect.stringMatching(/pytorch_model\.bin.*save_pretrained/),
  });
});
