import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesText } from '../../src/base/bytes-text.ts';
import { seededRandom } from '../../src/base/random.ts';
import { type BenchRow, ours } from '../report.ts';
import { folderHash, runData } from './data-command.ts';
import { serveFlaky } from './flaky-server.ts';
import { type MadeCounts, type MadeTotals, VOC_2012, writeMadeVoc } from './made-voc.ts';

const CUTS = 10;
const SEED = 2012;
const KILLS = 20;
/** For the runs that are killed. */
export const SMALL: MadeCounts = { train: 120, val: 120, unlisted: 60, segmented: 30, averageBytes: 109_000 };

/**
 * `npm run data` with an archive of the form and size of VOC 2012's, from a server on this machine that breaks off ten times;
 * and one of 300 pictures, killed by SIGKILL at 20 random moments.
 */
export async function benchArchive(say: (line: string) => void, signal: AbortSignal): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-archive-'));
  try {
    const rows = await whole(folder, VOC_2012, say);
    signal.throwIfAborted();
    const small = join(folder, 'small.tar');
    await writeMadeVoc(small, SMALL, SEED);
    const { same, kills } = await killedAndResumed(small, join(folder, 'killed'), KILLS, SEED, say);
    return [...rows, ours(`killed at ${kills} random moments and resumed, same bytes`, same, `of ${kills}`)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function whole(folder: string, counts: MadeCounts, say: (line: string) => void): Promise<BenchRow[]> {
  const path = join(folder, 'VOCtrainval_11-May-2012.tar');
  say('Making the archive.');
  const totals = await writeMadeVoc(path, counts, SEED);
  const { size } = await stat(path);
  const server = await serveFlaky(path, { cuts: CUTS });
  try {
    say(`Fetching ${bytesText(size)} from a server that breaks off ${CUTS} times.`);
    const out = join(folder, 'out');
    const { code, seconds, peakBytes, stdout, stderr } = await runData([server.address, '--out', out, '--json']);
    if (code !== 0 || server.cuts() !== CUTS)
      throw new Error(`It ended with ${code} after ${server.cuts()} cuts: ${stderr}`);
    refuseOtherCounts(JSON.parse(stdout).counts, totals);
    return [
      ours(`fetched and made into shards, ${bytesText(size)}`, seconds, 's'),
      ours('rate', size / 1e6 / seconds, 'MB/s'),
      ...(peakBytes === null ? [] : [ours('memory at its highest', peakBytes / 1e6, 'MB')]),
    ];
  } finally {
    server.close();
  }
}

function refuseOtherCounts({ images, objects, difficult }: MadeTotals, made: MadeTotals): void {
  const found = `${images} pictures, ${objects} objects, ${difficult} difficult`;
  const expected = `${made.images} pictures, ${made.objects} objects, ${made.difficult} difficult`;
  if (found !== expected) throw new Error(`Found ${found}; expected ${expected}.`);
}

/**
 * Runs `npm run data` with that archive from a slow server, kills each run at a random moment, and lets the same command go
 * on until it is done. Gives how many of the results are the same, byte for byte, as that of a run that was not killed.
 */
export async function killedAndResumed(
  archive: string,
  folder: string,
  kills: number,
  seed: number,
  say: (line: string) => void,
): Promise<{ readonly same: number; readonly kills: number }> {
  const { size } = await stat(archive);
  const server = await serveFlaky(archive, { bytesPerSecond: size / 2 });
  const random = seededRandom(seed);
  try {
    const undisturbed = join(folder, 'undisturbed');
    const { code, seconds, stderr } = await runData([server.address, '--out', undisturbed, '--shard-mb', '4']);
    if (code !== 0) throw new Error(stderr);
    const expected = folderHash(undisturbed);
    let same = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const out = join(folder, `killed-${kill}`);
      const args = [server.address, '--out', out, '--shard-mb', '4'];
      const killed = await runData(args, random.uniform() * seconds * 1000);
      const resumed = await runData(args);
      if (resumed.code === 0 && folderHash(out) === expected) same += 1;
      else say(`Kill ${kill + 1} after ${killed.seconds.toFixed(2)} s: ${resumed.code}, ${resumed.stderr}`);
      await rm(out, { recursive: true, force: true });
    }
    return { same, kills };
  } finally {
    server.close();
  }
}
