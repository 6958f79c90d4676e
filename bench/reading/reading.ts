import { seededRandom } from '../../src/base/random.ts';
import { decodeWith } from '../../src/data/decode.ts';
import { createLibrary } from '../../src/data/library.ts';
import { createTrainLoader } from '../../src/data/loader.ts';
import { createPictureCache } from '../../src/data/picture-cache.ts';
import { picturePool } from '../../src/data/picture-pool.ts';
import { pictureWorkHere } from '../../src/data/picture-work.ts';
import { createPixelBuffers } from '../../src/data/pixel-buffers.ts';
import { longestEdgeFor } from '../../src/data/resized-size.ts';
import { countSet } from '../../src/data/set-figures.ts';
import type { DataSetIndex, PictureBytes, Sample } from '../../src/data/types.ts';
import { browserDataSetStore } from '../../src/platform/browser/data-set-store.ts';
import { studioDatabase } from '../../src/platform/browser/database.ts';
import { decodePixels } from '../../src/platform/browser/decode.ts';
import { pictureWorkers } from '../../workers/picture-workers.ts';
import { median } from '../median.ts';
import { type BenchRow, ours } from '../report.ts';

const PICTURES = 2000;
const SIZE = { h: 375, w: 500 };
const PICTURE_BYTES = 100_000;
const EPOCHS = 4;
const BATCH_BYTES = 32 * 2 ** 20;
const DECODED = 240;
const BATCH = 4;
const SHORTEST_EDGE = 800;

/** Runs in a worker of a page: reading a set from IndexedDB in shuffled order as a run does, first its bytes alone, then as batches of 800 px. */
export async function benchReading(say: (line: string) => void): Promise<BenchRow[]> {
  const store = browserDataSetStore(studioDatabase());
  say(`Writing ${PICTURES} pictures.`);
  const index = await writeSet(store);
  const library = createLibrary(store, () => Promise.reject(new Error('There is no bundled set here.')));
  const dataSet = await library.open(index.id);
  const ids = index.samples.map(({ id }) => id);
  const rates: number[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const order = seededRandom(epoch).shuffle(ids);
    const startMs = performance.now();
    for (const id of order) await dataSet.imageBytes(id);
    rates.push(PICTURES / ((performance.now() - startMs) / 1000));
    say(`Epoch ${epoch + 1}: ${rates.at(-1)?.toFixed(0)} pictures a second.`);
  }
  const stop = new AbortController();
  const decode = decodeWith(decodePixels);
  const workers = pictureWorkers(stop.signal);
  const loader = createTrainLoader({
    ...{ dataSet, decode, split: 'train', batch: BATCH, seed: 0, augment: 'flip' },
    preprocessor: {
      shortestEdge: SHORTEST_EDGE,
      longestEdge: longestEdgeFor(SHORTEST_EDGE),
      imageMean: [0.485, 0.456, 0.406],
      imageStd: [0.229, 0.224, 0.225],
    },
    work: picturePool(workers, pictureWorkHere(decode)),
    // Nothing that was decoded is had again.
    cache: createPictureCache(0),
    buffers: createPixelBuffers(),
    readAhead: workers.length + 1,
    onProblem: () => undefined,
  });
  await loader.next();
  const startMs = performance.now();
  for (let n = 0; n < DECODED; n += BATCH) await loader.next();
  const decoded = DECODED / ((performance.now() - startMs) / 1000);
  loader.close();
  stop.abort();
  return [
    {
      ...ours('read in shuffled order, 100 KB each', median(rates), 'pictures a second'),
      spread: { ours: [Math.min(...rates), Math.max(...rates)] },
    },
    ours(
      'read, decoded and made batches of 800 px of',
      decoded,
      `pictures a second, ${workers.length} picture workers`,
    ),
  ];
}

async function writeSet(store: ReturnType<typeof browserDataSetStore>): Promise<DataSetIndex> {
  const jpeg = await photograph();
  const samples: Sample[] = Array.from({ length: PICTURES }, (_, i) => ({
    id: String(i).padStart(6, '0'),
    imagePath: `${i}.jpg`,
    size: SIZE,
    objects: [{ className: 'thing', boxXyxyPx: [10, 10, 200, 200], difficult: false, truncated: false }],
    labelled: true,
  }));
  let batch: PictureBytes[] = [];
  for (const [i, { imagePath }] of samples.entries()) {
    // What follows a picture's end is not looked at: no two files are the same.
    const bytes = new Uint8Array(Math.max(PICTURE_BYTES, jpeg.byteLength + 4));
    bytes.set(jpeg);
    new DataView(bytes.buffer).setUint32(bytes.byteLength - 4, i);
    batch.push({ path: imagePath, bytes });
    if (batch.length * PICTURE_BYTES < BATCH_BYTES && i + 1 < PICTURES) continue;
    await store.writePictures('reading', batch);
    batch = [];
  }
  const train = samples.map(({ id }) => id);
  const index: DataSetIndex = {
    ...{ id: 'reading', name: 'reading', classes: ['thing'], samples, splits: { train }, problems: [], hash: '' },
  };
  const summary = { ...countSet(index), bundled: false, bytes: PICTURES * PICTURE_BYTES, importedAtMs: 0 };
  await store.writeSet({ summary, index, pictureSha256: {} });
  return index;
}

/** A JPEG of 500 x 375 with as much detail as a photograph's. */
async function photograph(): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(SIZE.w, SIZE.h);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No 2d context.');
  const random = seededRandom(1);
  for (let i = 0; i < 1500; i += 1) {
    context.fillStyle = `hsl(${random.below(360)} ${random.below(100)}% ${random.below(100)}%)`;
    context.fillRect(random.below(SIZE.w), random.below(SIZE.h), 2 + random.below(40), 2 + random.below(40));
  }
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
  return new Uint8Array(await blob.arrayBuffer());
}
