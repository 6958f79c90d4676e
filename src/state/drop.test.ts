import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createDropStore } from './drop.ts';
import type { GivenItem } from './sort-drop.ts';
import { bytes } from './test-drop.ts';

const TAR: GivenItem = { kind: 'file', file: new File([bytes(`${'\0'.repeat(257)}ustar`, 512)], 'set.tar') };
const PHOTO: GivenItem = { kind: 'file', file: new File([bytes('\xff\xd8\xff\xe0')], 'a.jpg') };
const OTHER_PHOTO: GivenItem = { kind: 'file', file: new File([bytes('\xff\xd8\xff\xe1')], 'b.jpg') };
const VIDEO: GivenItem = { kind: 'file', file: new File([bytes('\0\0\0\x18ftypisom')], 'v.mp4') };
const HOLIDAY: GivenItem = {
  kind: 'folder',
  name: 'holiday',
  files: [
    { path: 'holiday/c.jpg', file: new Blob([bytes('\xff\xd8\xff\xe0')]) },
    { path: 'holiday/notes.txt', file: new Blob(['x']) },
  ],
};
const WEIGHTS: GivenItem = { kind: 'file', file: new File([bytes('\x40\x01\0\0\0\0\0\0{"a"')], 'm.safetensors') };
const NOTES: GivenItem = { kind: 'file', file: new File(['Dear diary'], 'notes.txt') };

/** A drop store whose takers write down what they are given, and the rooms that are gone to. */
function drops() {
  const said: string[] = [];
  const store = createDropStore({
    library: createStore(() => ({
      importFiles: async (name: string) => {
        said.push(`import ${name}`);
      },
    })),
    prediction: createStore(() => ({
      add: async (files: readonly File[]) => {
        said.push(`add ${files.map(({ name }) => name)}`);
      },
      load: async (source: { readonly kind: string }) => {
        said.push(`load ${source.kind}`);
      },
    })),
    newPictures: createStore(() => ({
      offer: ({ name, files }: { readonly name: string; readonly files: readonly { readonly path: string }[] }) => {
        said.push(`offer ${name}: ${files.map(({ path }) => path)}`);
      },
      capture: ({ kind }: { readonly kind: string }) => {
        said.push(`capture ${kind}`);
      },
    })),
    project: createStore(() => ({
      give: ({ name }: File) => {
        said.push(`project ${name}`);
      },
    })),
    listZip: async () => null,
  });
  const take = (...items: GivenItem[]) => store.getState().take(Promise.resolve(items), (room) => said.push(room));
  const takeInData = (...items: GivenItem[]) =>
    store.getState().take(Promise.resolve(items), (room) => said.push(room), true);
  return { store, said, take, takeInData };
}

test('a data set goes to Data; pictures and weights go to Predict, the weights first', async () => {
  const { said, take } = drops();
  await take(TAR);
  await take(PHOTO, WEIGHTS);
  expect(said).toEqual(['/data', 'import set', '/predict', 'load files', 'add a.jpg']);
});

test('a project is told by its first entry, cut off or not, and is asked about in whatever room', async () => {
  const { said, take } = drops();
  await take({
    kind: 'file',
    file: new File([bytes(`PK\x03\x04${'\0'.repeat(26)}detrain-project.txt`, 512)], 'all.zip'),
  });
  expect(said).toEqual(['project all.zip']);
});

test('of a mixture everything is taken, and what is not in the room that is gone to is told', async () => {
  const { store, said, take } = drops();
  await take(TAR, PHOTO);
  expect(said).toEqual(['/data', 'import set', 'add a.jpg']);
  expect(store.getState().elsewhere).toBe('The picture that came with the data set is in Predict.');
});

test('in Data pictures are offered as a set, but beside a data set they are predicted', async () => {
  const { said, takeInData } = drops();
  await takeInData(PHOTO);
  await takeInData(PHOTO, OTHER_PHOTO);
  await takeInData(TAR, PHOTO);
  expect(said).toEqual([
    '/data',
    'offer a: a.jpg',
    '/data',
    'offer pictures: a.jpg,b.jpg',
    '/data',
    'import set',
    'add a.jpg',
  ]);
});

test('a folder of pictures is offered as a set from any room, and the frames of a video are', async () => {
  const { store, said, take, takeInData } = drops();
  await take(HOLIDAY, PHOTO);
  expect(said).toEqual(['/data', 'offer holiday: holiday/c.jpg', 'add a.jpg']);
  said.length = 0;
  await takeInData(HOLIDAY, PHOTO);
  expect(said).toEqual(['/data', 'offer holiday: holiday/c.jpg,a.jpg']);
  said.length = 0;
  await take(VIDEO);
  expect(said).toEqual(['/data', 'capture video']);
  expect(store.getState().refusals).toEqual([]);
  await take(VIDEO, HOLIDAY);
  expect(store.getState().refusals).toEqual([expect.stringContaining('"v.mp4" is a video')]);
});

test('what is nothing is told where one is, until the next drop or until it is dismissed', async () => {
  const { store, said, take } = drops();
  await take(NOTES);
  expect(said).toEqual([]);
  expect(store.getState().refusals).toEqual([expect.stringContaining('"notes.txt"')]);
  await take(PHOTO);
  expect(store.getState().refusals).toEqual([]);
  await take(NOTES, PHOTO);
  expect(said).toEqual(['/predict', 'add a.jpg', '/predict', 'add a.jpg']);
  store.getState().dismiss();
  expect(store.getState()).toMatchObject({ refusals: [], elsewhere: null, looking: false });
});

test('a folder that cannot be read is told', async () => {
  const { store } = drops();
  await store.getState().take(Promise.reject(new Error('Permission denied')), () => {});
  expect(store.getState()).toMatchObject({
    looking: false,
    refusals: [expect.stringContaining('Permission denied')],
  });
});
