import { packTar } from 'modern-tar';
import { decodePixels } from '../platform/node/decode.ts';
import { decodeWith } from './decode.ts';
import { createLibrary } from './library.ts';
import { createDataService } from './service.ts';
import type { TestStore } from './test-data-set-store.ts';
import type { DataSet, FeatureSpace, FetchArchive, FetchBelow, ImportSource } from './types.ts';
import { createSetVersions } from './versions/set-versions.ts';

/** Eight pictures of 400 x 400 are more than that. */
const BATCH_BYTES = 3_700_000;

const encoder = new TextEncoder();

/** An uncompressed 24-bit bitmap, all of whose bytes are `shade`. For tests only. */
export function bitmap(w: number, h: number, shade = 0): Uint8Array<ArrayBuffer> {
  const row = Math.ceil((w * 24) / 32) * 4;
  const bytes = new Uint8Array(54 + row * h).fill(shade, 54);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, w, true);
  view.setInt32(22, h, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return bytes;
}

/** The files of a small VOC set by path: pictures `0` to `n - 1`, each of its own shade, with one box. For tests only. */
export function vocPictures(n: number, size = 8): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const box = '<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>4</ymax></bndbox>';
  for (let i = 0; i < n; i += 1) {
    files.set(`JPEGImages/${i}.bmp`, bitmap(size, size, i % 256));
    const name = i % 2 === 0 ? 'even' : 'odd';
    files.set(
      `Annotations/${i}.xml`,
      encoder.encode(`<annotation><object><name>${name}</name>${box}</object></annotation>`),
    );
  }
  return files;
}

/** Files as one tar that was given under that name. For tests only. */
export async function givenTar(files: ReadonlyMap<string, Uint8Array>, name = 'set.tar'): Promise<ImportSource> {
  const entries = [...files].map(([path, bytes]) => ({ header: { name: path, size: bytes.byteLength }, body: bytes }));
  return { kind: 'files', name, files: [{ path: name, file: streamedFile(await packTar(entries)) }] };
}

/** Bytes as a file of a browser, which comes in small pieces; Node's own gives one. For tests only. */
export function streamedFile(bytes: Uint8Array<ArrayBuffer>): Blob {
  const file = new Blob([bytes]);
  const piece = 1 << 16;
  file.stream = () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.byteLength) return controller.close();
        controller.enqueue(bytes.slice(at, at + piece));
        at += piece;
      },
    });
  };
  return file;
}

/** A data service over a store, for whom no other tab does anything. For tests only. */
export function testService(
  store: TestStore,
  {
    bundled = () => Promise.reject(new Error('no bundled set')),
    fetchArchive = () => Promise.reject(new Error('nothing to fetch')),
    fetchBelow = async () => fetch,
    stallMs = 20_000,
    wait = async () => {},
    offeredSets = async () => null,
    runOn = async () => null,
    features = { bytes: async () => 0, remove: async () => {} },
    isTraining = async () => false,
  }: {
    readonly bundled?: () => Promise<DataSet>;
    readonly fetchArchive?: FetchArchive;
    readonly fetchBelow?: FetchBelow;
    readonly stallMs?: number;
    readonly wait?: () => Promise<void>;
    readonly offeredSets?: () => Promise<{ readonly text: string; readonly url: string } | null>;
    readonly runOn?: (id: string) => Promise<string | null>;
    readonly features?: FeatureSpace;
    readonly isTraining?: () => Promise<boolean>;
  } = {},
) {
  let ids = 0;
  const library = createLibrary(store, bundled);
  const { growSet } = createSetVersions({
    store,
    library,
    clock: () => 1_000,
    holdEditing: async () => () => undefined,
    runOn,
  });
  return createDataService({
    store,
    library,
    growSet,
    fetchArchive,
    fetchBelow,
    stallMs,
    offeredSets,
    wait,
    importing: (work) => work(),
    isImporting: async () => false,
    runOn,
    features,
    isTraining,
    thumbnail: async (bytes) => bytes.byteLength,
    decode: decodeWith(decodePixels),
    encode: async ({ data }) => data.byteLength,
    newId: () => {
      ids += 1;
      return `set-${ids}-${store.writtenPaths.length}`;
    },
    now: () => performance.now(),
    clock: () => 1_000,
    batchBytes: BATCH_BYTES,
  });
}
