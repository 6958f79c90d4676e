import { expose } from 'comlink';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { createTrainLoader } from '../data/loader.ts';
import { createPictureCache } from '../data/picture-cache.ts';
import { picturePool } from '../data/picture-pool.ts';
import { pictureWorkHere } from '../data/picture-work.ts';
import { createPixelBuffers } from '../data/pixel-buffers.ts';
import { noisePicture } from '../data/test-pictures.ts';
import type { DataSet, DecodeImage, PictureWork, Sample } from '../data/types.ts';
import { keepStudioErrors } from './errors.ts';
import { servedPictureWork, spawnPictureWork } from './picture-worker.ts';
import type { WorkerLike } from './spawn.ts';

const BROKEN = 5;
const samples = Array.from(
  { length: 14 },
  (_, i): Sample => ({
    id: `${i}`,
    imagePath: `${i}.png`,
    size: i % 3 === 0 ? { h: 60, w: 40 } : { h: 24, w: 30 + i },
    objects: [{ className: 'a', boxXyxyPx: [2, 3, 20, 20], difficult: false, truncated: false }],
    labelled: true,
  }),
);
const dataSet: DataSet = {
  ...{ name: 'made', classes: ['a'], samples, problems: [], hash: '' },
  splits: { train: samples.map(({ id }) => id) },
  imageBytes: async (id) => new Uint8Array([Number(id)]),
};
const decode: DecodeImage = async ([i = 0]) => {
  if (i === BROKEN) throw new StudioError('bad-image', 'broken');
  return noisePicture(samples[i]?.size ?? { h: 1, w: 1 }, i);
};

/** A real message channel with the work behind it; it dies when it is asked for its piece number `diesAt`. */
class Thread extends EventTarget implements WorkerLike {
  readonly #channel = new MessageChannel();
  readonly #diesAt: number;
  asked = 0;
  terminated = false;

  constructor(diesAt = Number.POSITIVE_INFINITY) {
    super();
    this.#diesAt = diesAt;
    keepStudioErrors();
    expose(servedPictureWork(pictureWorkHere(decode)), this.#channel.port2);
    this.#channel.port1.addEventListener('message', ({ data }) => {
      this.dispatchEvent(Object.assign(new Event('message'), { data }));
    });
    this.#channel.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.asked += 1;
    // What was transferred is gone either way.
    if (this.asked >= this.#diesAt) {
      structuredClone(message, { transfer });
      this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }));
    } else this.#channel.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
  }
}

async function digests(work?: PictureWork) {
  const problems: string[] = [];
  const buffers = createPixelBuffers();
  const loader = createTrainLoader({
    ...{ dataSet, decode, split: 'train', batch: 3, seed: 4, augment: 'detr', buffers },
    ...(work && { work }),
    preprocessor: { shortestEdge: 32, longestEdge: 53, imageMean: [0.4, 0.5, 0.5], imageStd: [0.2, 0.3, 0.2] },
    cache: createPictureCache(40_000),
    onProblem: ({ file, reason }) => problems.push(`${file}: ${reason}`),
  });
  const batches: unknown[] = [];
  for (let n = 0; n < 20; n += 1) {
    const { pixelsNhwc, ...rest } = await loader.next();
    const hash = await crypto.subtle.digest('SHA-256', Float32Array.from(pixelsNhwc));
    batches.push({ ...rest, hash: Buffer.from(hash).toString('hex') });
    buffers.giveBack(pixelsNhwc);
  }
  loader.close();
  return { batches, problems, state: loader.state() };
}

function poolOf(threads: readonly Thread[], signal?: AbortSignal): PictureWork {
  const workers = threads.map((thread) =>
    spawnPictureWork({ name: 'picture', make: () => thread, ...(signal && { signal }) }),
  );
  return picturePool(workers, pictureWorkHere(decode));
}

test('a pool makes the batches that one thread makes, bit for bit, and reports a broken picture once', async () => {
  const threads = [new Thread(), new Thread()];
  const here = await digests();
  expect(await digests(poolOf(threads))).toEqual(here);
  expect(here.problems).toEqual([`${BROKEN}.png: broken`]);
  // Who is slower for a while gets less: how much less hangs on the machine.
  const all = threads.reduce((sum, { asked }) => sum + asked, 0);
  for (const { asked } of threads) expect(asked).toBeGreaterThan(all / 4);
});

test.each([1, 2, 15])('the work of a worker that dies at its piece %i is done by others', async (diesAt) => {
  const here = await digests();
  const [mortal, other] = [new Thread(diesAt), new Thread()];
  expect(await digests(poolOf([mortal, other]))).toEqual(here);
  expect(mortal.terminated).toBe(true);
  // The pictures of one batch are asked for at a time: its death is known after them.
  expect(mortal.asked).toBeLessThan(diesAt + 3);
  expect(await digests(poolOf([new Thread(diesAt), new Thread(diesAt + 1)]))).toEqual(here);
});

test('workers end with their signal, and what they are asked then is cancelled', async () => {
  const thread = new Thread();
  const end = new AbortController();
  const pool = poolOf([thread], end.signal);
  const config = { shortestEdge: 32, longestEdge: 53, imageMean: [0, 0, 0], imageStd: [1, 1, 1] } as const;
  const keep = () => pool.keep(new Uint8Array([1]), samples[1]?.size ?? { h: 0, w: 0 }, config);
  expect((await keep()).size).toEqual(samples[1]?.size);
  const pending = keep();
  end.abort();
  await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
  await expect(keep()).rejects.toMatchObject({ code: 'cancelled' });
  expect(thread.terminated).toBe(true);
});
