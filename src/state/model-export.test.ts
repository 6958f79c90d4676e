import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { ExportRequest, ExportResult } from '../rpc/protocol.ts';
import { createModelExportStore, type PickTarget, suggestedName } from './model-export.ts';
import { BUNDLED_WEIGHTS } from './weights-choices.ts';

const BLOB = new Blob(['weights']);
const RESULT: ExportResult = { file: { name: 'tiny.zip', blob: BLOB }, bytes: 7, receipts: [] };

function store(
  exportModel: (request: ExportRequest) => Promise<ExportResult> = async () => RESULT,
  pick: PickTarget = async () => null,
) {
  return createModelExportStore({ exportModel }, pick);
}

test('what is chosen is exported under its name, and handed over where the browser cannot ask for a place', async () => {
  const asked: unknown[] = [];
  const made = store(
    async (request) => {
      asked.push(request);
      return RESULT;
    },
    async (name) => {
      asked.push(name);
      return null;
    },
  );
  const offered: string[] = [];
  made.getState().open(BUNDLED_WEIGHTS);
  made.getState().choose('all');
  await made.getState().run(({ name }) => offered.push(name));
  expect(asked).toEqual(['tiny-pretrained.zip', { weights: { kind: 'bundled' }, name: 'tiny, pretrained', to: 'all' }]);
  expect(offered).toEqual(['tiny.zip']);
  expect(made.getState()).toMatchObject({ stage: null, error: null, result: RESULT });
});

test('an export that is refused says why and offers nothing', async () => {
  const made = store(() => Promise.reject(new StudioError('bad-weights', 'The export was refused.')));
  made.getState().open(BUNDLED_WEIGHTS);
  await made.getState().run(() => {
    throw new Error('offered');
  });
  expect(made.getState()).toMatchObject({ stage: null, error: { code: 'bad-weights' }, result: null });
});

test('thinking better of it in the browser’s own dialog is no error', async () => {
  const made = store(undefined, () => Promise.reject(new DOMException('The user aborted a request.', 'AbortError')));
  made.getState().open(BUNDLED_WEIGHTS);
  await made.getState().run(() => undefined);
  expect(made.getState()).toMatchObject({ stage: null, error: null, result: null });
});

test('files are named after the weights', () => {
  expect(suggestedName('my run / 2', 'folder')).toBe('my-run-2.zip');
  expect(suggestedName('cells', 'safetensors-f16')).toBe('cells.fp16.safetensors');
  expect(suggestedName('?', 'safetensors')).toBe('model.safetensors');
});
