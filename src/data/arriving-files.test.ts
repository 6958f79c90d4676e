import { packTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { testStore } from './test-data-set-store.ts';
import { bitmap, testService, vocPictures } from './test-import.ts';
import { bundled } from './test-large-shards.ts';

const SIZE = 400;
const PICTURES = 20;
const encoder = new TextEncoder();
const line = (text: string) => encoder.encode(`${text}\n`);

/** Imports a tar of those files, and does `work` while its last part is held back: about half of the pictures are stored. */
async function inTheMiddle(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  work: (service: ReturnType<typeof testService>) => Promise<void>,
) {
  const entries = [...files].map(([path, bytes]) => ({ header: { name: path, size: bytes.byteLength }, body: bytes }));
  const tar = await packTar(entries);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const half = Math.round(tar.byteLength * 0.6);
  const store = testStore();
  const service = testService(store, {
    bundled,
    fetchArchive: async () => ({
      name: 'set.tar',
      byteLength: tar.byteLength,
      stream: new ReadableStream({
        async start(controller) {
          controller.enqueue(tar.slice(0, half));
          await released;
          controller.enqueue(tar.slice(half));
          controller.close();
        },
      }),
    }),
  });
  const importing = service.importDataSet({ kind: 'address', url: 'http://host/set.tar' }, () => undefined);
  while (store.writtenPaths.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
  await work(service);
  release();
  return { service, store, result: await importing };
}

const ordered = (files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, first: RegExp) =>
  new Map([...files].sort(([a], [b]) => Number(first.test(b)) - Number(first.test(a))));

test('pictures of a VOC archive are seen with their boxes as soon as they are stored; no part of it is kept', async () => {
  const files = ordered(vocPictures(PICTURES, SIZE), /^Annotations/);
  const { service, result } = await inTheMiddle(files, async (going) => {
    const arrived = await going.arrivingSet();
    const { index, summary } = arrived ?? expect.fail('nothing is shown of it');
    expect(summary).toMatchObject({ canBeKept: false, problems: 0, images: index.samples.length });
    expect(index.samples.length).toBeGreaterThanOrEqual(8);
    expect(index.samples.length).toBeLessThan(PICTURES);
    expect(index.samples.every(({ objects, labelled }) => labelled && objects.length === 1)).toBe(true);
    expect(index.classes).toEqual(['even', 'odd']);
    const [sample] = index.samples;
    expect(String((await going.picture(index.id, sample?.id ?? ''))[60])).toBe(sample?.id);
    await expect(going.keepArrived()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('wait until it is imported'),
    });
  });
  expect(result.summary.images).toBe(PICTURES);
  expect(await service.arrivingSet()).toBeNull();
  expect((await service.dataSet(result.summary.id)).samples).toHaveLength(PICTURES);
});

test('of pictures whose annotations come behind them nothing is shown, rather than that they have no box', async () => {
  const voc = ordered(vocPictures(PICTURES, SIZE), /^JPEGImages/);
  await inTheMiddle(voc, async (going) => {
    expect(await going.arrivingSet()).toBeNull();
  });
});

test('of a YOLO set those pictures are seen whose label file has come', async () => {
  const files = new Map([['data.yaml', line('names: [cell]\ntrain: images/train')]]);
  for (let i = 0; i < PICTURES; i += 1) {
    if (i % 2 === 0) files.set(`labels/train/${i}.txt`, line('0 0.5 0.5 0.2 0.2'));
    files.set(`images/train/${i}.bmp`, bitmap(SIZE, SIZE, i));
  }
  const { result } = await inTheMiddle(files, async (going) => {
    const { samples = [] } = (await going.arrivingSet())?.index ?? {};
    expect(samples.map(({ id }) => Number(id) % 2)).toEqual(samples.map(() => 0));
    expect(samples.length).toBeGreaterThanOrEqual(4);
  });
  expect(result.summary.images).toBe(PICTURES);
});

test('of a COCO set those pictures are seen that are stored', async () => {
  const ids = Array.from({ length: PICTURES }, (_, i) => i);
  const coco = {
    images: ids.map((id) => ({ id, file_name: `${id}.bmp`, width: SIZE, height: SIZE })),
    categories: [{ id: 1, name: 'cell' }],
    annotations: ids.map((id) => ({ id, image_id: id, category_id: 1, bbox: [1, 1, 10, 10] })),
  };
  const files = new Map([['annotations/instances_default.json', line(JSON.stringify(coco))]]);
  for (const i of ids) files.set(`images/${i}.bmp`, bitmap(SIZE, SIZE, i));
  await inTheMiddle(files, async (going) => {
    const { samples = [] } = (await going.arrivingSet())?.index ?? {};
    expect(samples.length).toBeGreaterThanOrEqual(8);
    expect(samples.length).toBeLessThan(PICTURES);
    expect(samples.every(({ objects }) => objects[0]?.className === 'cell')).toBe(true);
  });
});
