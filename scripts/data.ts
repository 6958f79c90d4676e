import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bytesText } from '../src/base/bytes-text.ts';
import { StudioError } from '../src/base/errors.ts';
import { rateMeter } from '../src/base/rate-meter.ts';
import { SHARD_INDEX_FILE } from '../src/base/shard-format.ts';
import { makeShards } from '../src/data/make-shards.ts';
import { type ShardIndex, writeShardIndex } from '../src/data/shard-index.ts';
import { sweepShards, writeWhole } from '../src/platform/node/shard-folder.ts';
import { wholeNumber } from './cli/option-values.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { type NamedSource, nameSource, type Opened } from './data-set/open-source.ts';
import { type Asked, claimFolder } from './data-set/out-folder.ts';
import { hasChanged } from './sources/resumable-download.ts';

interface Options {
  readonly out?: string;
  readonly shardMb?: number;
  readonly mirror?: string;
}

const RAW = join('data', 'raw');
const PROCESSED = join('data', 'processed');
const SHARD_MB = 32;
const MEGABYTE = 1_000_000;
/** How often a source may change under its address before that is given up. */
const MOST_CHANGES = 3;
/** So many problems are listed; all of them stand in the index. */
const SHOWN_PROBLEMS = 20;

await runCommand<Options>({
  name: 'npm run data --',
  summary:
    'Makes a data set ready: fetches it where it is an address, checks every file, and writes it as shards with an index, which train and evaluate take with --data.',
  define(command) {
    command
      .argument('[what]', 'voc2012, voc2007, sample, or the path or address of a folder, tar, tar.gz or zip', 'voc2012')
      .option('--out <DIR>', `where to write; ${PROCESSED}/NAME where left out, and what is fetched to ${RAW}`)
      .option('--shard-mb <N>', `megabytes a shard (default: ${SHARD_MB})`, wholeNumber('--shard-mb', 1, 1024))
      .option('--mirror <URL>', 'another address for voc2012 or voc2007: a folder with the archive, or the archive');
  },
  async run({ out, shardMb = SHARD_MB, mirror }, [what = 'voc2012'], context) {
    if (out === '') refuseUsage('--out: found an empty name; expected a folder to write to.');
    const named = await nameSource(what, mirror);
    const folder = out ?? join(PROCESSED, named.name);
    const asked = { source: named.identity, shardBytes: shardMb * MEGABYTE };
    const before = await claimFolder(folder, asked);
    if (before !== null) context.print(`The set is in ${folder} already.`);
    const index =
      before ?? (await make(named, { folder, rawFolder: out === undefined ? RAW : join(out, 'raw') }, asked, context));
    printSet(index, folder, context);
    const { name, hash, classes, counts, shards } = index;
    return { out: folder, name, hash, shards: shards.length, classes, counts, problems: index.problems.length };
  },
});

async function make(
  named: NamedSource,
  { folder, rawFolder }: { readonly folder: string; readonly rawFolder: string },
  asked: Asked,
  context: CommandContext,
): Promise<ShardIndex> {
  const { signal } = context;
  for (let change = 1; ; change += 1) {
    const opened = named.open({ rawFolder, signal, say: context.say });
    const tell = progressTeller(opened, context);
    try {
      const index = await makeShards(opened.source, asked.shardBytes, {
        sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
        write: (name, bytes) => writeWhole(folder, name, bytes),
        signal,
        now: () => performance.now(),
        onPicture: tell,
        onRead: (done, total) =>
          context.progress.update({
            label: 'checking',
            done,
            total,
            perSecond: null,
            unit: 'pictures',
            secondsLeft: null,
          }),
        onAgain: (reason) => context.say(reason),
      });
      await sweepShards(
        folder,
        index.shards.map(({ name }) => name),
      );
      await writeWhole(folder, SHARD_INDEX_FILE, new TextEncoder().encode(writeShardIndex(index)));
      return index;
    } catch (thrown) {
      if (signal.aborted) {
        throw new StudioError('cancelled', `Stopped. The same command goes on with ${folder}.`, {}, { cause: thrown });
      }
      if (!hasChanged(thrown) || change >= MOST_CHANGES) throw thrown;
      context.say(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

/** Tells how far it is after each picture. */
function progressTeller({ progress, label }: Opened, context: CommandContext): (pictures: number) => void {
  const meter = rateMeter(() => performance.now());
  return (pictures) => {
    const { bytesDone, bytesTotal } = progress;
    meter.report(bytesDone / MEGABYTE);
    const total = (bytesTotal ?? bytesDone) / MEGABYTE;
    const { perSecond, secondsLeft } = meter.rate(total);
    context.progress.update({
      label,
      done: Math.min(Math.round(bytesDone / MEGABYTE), Math.round(total)),
      total: Math.round(total),
      perSecond,
      unit: 'MB',
      secondsLeft: bytesTotal === null ? null : secondsLeft,
      note: `${pictures} pictures`,
    });
  };
}

function printSet(
  { name, hash, counts, classes, shards, problems }: ShardIndex,
  folder: string,
  context: CommandContext,
) {
  for (const { file, severity, reason } of problems.slice(0, SHOWN_PROBLEMS)) {
    context.say(`${severity === 'refused' ? 'Left out' : 'Note'}: ${file}: ${reason}`);
  }
  if (problems.length > SHOWN_PROBLEMS) {
    context.say(`And ${problems.length - SHOWN_PROBLEMS} more: "problems" in ${join(folder, 'index.json')}.`);
  }
  const bytes = shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  context.print(
    `${name}: ${counts.images} pictures, ${counts.objects} objects (${counts.difficult} difficult) of ${classes.length} classes, in ${shards.length} shards (${bytesText(bytes)}).`,
  );
  for (const split of counts.splits) {
    context.print(`  ${split.name}: ${split.images} pictures, ${split.objects} objects (${split.difficult} difficult)`);
  }
  context.print(`Hash: ${hash}`);
  context.print(`Train on it:   npm run train -- --data ${folder}`);
}
