import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesText } from '../../src/base/bytes-text.ts';
import { readCocoFile } from '../../src/data/coco-file.ts';
import { cocoImages } from '../../src/data/coco-images.ts';
import { type BenchRow, ours } from '../report.ts';
import { INSTANCES_TRAIN_2017, writeMadeCoco } from './made-coco.ts';

const SEED = 2017;

/**
 * A JSON in the form and size of COCO's instances_train2017.json, from its bytes to the pictures with their boxes. Throws where
 * those are not what it was made with, and `signal`'s reason once that is aborted.
 */
export async function benchAnnotations(say: (line: string) => void, signal: AbortSignal): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-annotations-'));
  try {
    const path = join(folder, 'instances_train2017.json');
    say('Making the file.');
    await writeMadeCoco(path, INSTANCES_TRAIN_2017, SEED);
    signal.throwIfAborted();
    const bytes = await readFile(path);
    say(`Reading ${bytesText(bytes.byteLength)}.`);
    const [started, before] = [performance.now(), process.cpuUsage()];
    const coco = await readCocoFile(bytes, path, signal);
    const images = coco === null ? [] : cocoImages(coco, path, []);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const boxes = images.reduce((sum, image) => sum + image.boxes().length, 0);
    const { images: imagesMade, annotations } = INSTANCES_TRAIN_2017;
    if (images.length !== imagesMade || boxes !== annotations) {
      throw new Error(`Found ${images.length} pictures, ${boxes} boxes; expected ${imagesMade}, ${annotations}.`);
    }
    return [
      ours(`read, ${bytesText(bytes.byteLength)}`, seconds, 's'),
      ours('rate', bytes.byteLength / 1e6 / seconds, 'MB/s'),
      ours('processor time of that, all threads', (user + system) / 1e6, 's'),
      ours("memory at its highest, over the file's own", (peakBytes - bytes.byteLength) / 1e6, 'MB'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
