import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { AddPicturesRequest, AddPicturesResult } from '../rpc/protocol.ts';
import { addedWords, createNewPicturesStore } from './new-pictures.ts';

const result: AddPicturesResult = {
  summary: {
    id: 's',
    name: 'holiday',
    bundled: false,
    images: 2,
    boxes: 0,
    classes: [],
    splits: {},
    problems: 0,
    bytes: 0,
    hash: 'h',
    importedAtMs: 0,
  },
  added: 2,
  alreadyThere: 0,
  problems: [],
};
const file = (path: string, bytes = 5) => ({ path, file: new Blob([new Uint8Array(bytes)]) });

function pictures(answer: () => Promise<AddPicturesResult> = async () => result, freeBytes: number | null = 1000) {
  const asked: AddPicturesRequest[] = [];
  const changed: string[] = [];
  const store = createNewPicturesStore({
    data: {
      addPictures: (request) => {
        asked.push(request);
        return answer();
      },
      cancelImport: async () => {},
    },
    freeBytes: () => freeBytes,
    onAdded: async (id) => {
      changed.push(id);
    },
  });
  return { store, asked, changed };
}

test('what is given while others wait joins them, and all of it goes into one set', async () => {
  const { store, asked, changed } = pictures();
  store.getState().offer({ name: 'holiday', files: [file('a.jpg')], into: null });
  store.getState().offer({ name: 'image', files: [file('b.jpg')], into: null });
  await store.getState().add(null, '  ');
  expect(asked.map(({ name, into, files }) => [name, into, files.map(({ path }) => path)])).toEqual([
    ['holiday', null, ['a.jpg', 'b.jpg']],
  ]);
  expect(changed).toEqual(['s']);
  expect(store.getState()).toMatchObject({ offered: null, progress: null, fault: null, result: { added: 2 } });
});

test('what fails stays offered, with the reason; what does not fit is not begun', async () => {
  const { store } = pictures(() => Promise.reject(new StudioError('bad-data-set', 'None can be read.')));
  store.getState().offer({ name: 'x', files: [file('a.jpg')], into: null });
  await store.getState().add(null, 'x');
  expect(store.getState()).toMatchObject({ fault: { message: 'None can be read.' }, progress: null });
  expect(store.getState().offered?.files).toHaveLength(1);
  const full = pictures(undefined, 3);
  full.store.getState().offer({ name: 'x', files: [file('a.jpg')], into: null });
  await full.store.getState().add('s', 'x');
  expect(full.asked).toEqual([]);
  expect(full.store.getState().fault?.code).toBe('storage');
  full.store.getState().drop();
  expect(full.store.getState()).toMatchObject({ offered: null, fault: null });
});

test('a cancelled one says nothing and stays offered', async () => {
  const { store } = pictures(() => Promise.reject(new StudioError('cancelled', 'Stopped.')));
  store.getState().offer({ name: 'x', files: [file('a.jpg')], into: null });
  await store.getState().add(null, 'x');
  expect(store.getState()).toMatchObject({ fault: null, progress: null, offered: { name: 'x' } });
});

test('what came of it is said in full', () => {
  expect(addedWords(result)).toBe('2 pictures added to "holiday".');
  const problems = [{ file: 'c.jpg', severity: 'refused', reason: 'The file is empty.' } as const];
  expect(addedWords({ ...result, added: 1, alreadyThere: 1, problems })).toBe(
    '1 picture added to "holiday". 1 picture was left out as already there. 1 picture could not be read. c.jpg: The file is empty.',
  );
  expect(addedWords({ ...result, added: 0, alreadyThere: 2 })).toContain('has those pictures already');
});
