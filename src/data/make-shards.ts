import { breathing } from './breathing.ts';
import { createIntake, LEFT_UNREAD, type PictureSink } from './import-intake.ts';
import { shardPacker } from './pack-shard.ts';
import { readDataSet } from './read-data-set.ts';
import { setCounts } from './set-counts.ts';
import type { Sha256 } from './sha256.ts';
import type { Shard, ShardIndex, ShardPlace, SourceFile } from './shard-index.ts';
import { stemOf } from './tree-path.ts';
import type { FileEntry, FileTree, JournalPicture, PictureBytes, Problem, SourceEntry } from './types.ts';
import { vocPart } from './voc-layout.ts';
import { readSplitList } from './voc-splits.ts';

/** What a set is made from: it may be opened again, and gives the same then. */
export interface ShardSource {
  readonly name: string;
  /** Its files from the first to the last; `problems` hears what was left out or repaired. */
  entries(problems: Problem[]): AsyncIterable<SourceEntry>;
  /** What it was made from; known once the entries have ended. */
  files(): readonly SourceFile[];
}

export interface MakeShardsPorts {
  readonly sha256: Sha256;
  /** Writes a shard, wholly or not at all; one of the same bytes may be left as it is. Its bytes are lent until it is done. */
  readonly write: (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly signal: AbortSignal;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Hears after each file how many pictures are in. */
  readonly onPicture: (pictures: number) => void;
  /** Hears how many pictures have been read with their annotations. */
  readonly onRead: (done: number, total: number) => void;
  /** Hears that the source is read a second time, and why. */
  readonly onAgain: (reason: string) => void;
}

/** Of the shards' bytes, pictures that no sample uses may take so much; above that the source is read again without them. */
const MOST_UNUSED = 0.01;

/**
 * Makes shards of a source while its files arrive: pictures in order of their arrival, then the annotations and lists that
 * were read, byte for byte, so that the shards together are the set in its own form. Where VOC's lists came first, a picture
 * that none of them names is left out. Only where pictures turn out not to be used, or to be missing, is the source
 * read once more with that known. The same source gives the same shards and the same index. Throws as `readDataSet`, the
 * source and `write`, and `signal`'s reason.
 */
export async function makeShards(source: ShardSource, shardBytes: number, ports: MakeShardsPorts): Promise<ShardIndex> {
  const first = await onePass(source, shardBytes, null, ports);
  if (first.missing.size === 0 && first.unusedBytes <= MOST_UNUSED * first.pictureBytes) return first.index;
  ports.onAgain(
    first.missing.size > 0
      ? 'Some lists came after their pictures; the source is read once more.'
      : 'Some pictures are in no list or cannot be used; the source is read once more without them.',
  );
  const wanted = new Set([...first.index.samples.map(({ imagePath }) => imagePath), ...first.missing]);
  return (await onePass(source, shardBytes, { wanted, files: first.files }, ports)).index;
}

/** What an earlier pass has found out. */
interface Known {
  readonly wanted: ReadonlySet<string>;
  /** With the facts of the pictures, so that what is wrong with one is still told. */
  readonly files: ReadonlyMap<string, FileEntry>;
}

interface Pass {
  readonly index: ShardIndex;
  readonly files: ReadonlyMap<string, FileEntry>;
  /** Paths of pictures that were left unread, but are of the set. */
  readonly missing: ReadonlySet<string>;
  readonly unusedBytes: number;
  readonly pictureBytes: number;
}

async function onePass(
  source: ShardSource,
  shardBytes: number,
  known: Known | null,
  ports: MakeShardsPorts,
): Promise<Pass> {
  const { signal, onPicture, onRead } = ports;
  const problems: Problem[] = [];
  const shards = shardSink(ports, shardBytes);
  const lists = known === null ? listedSoFar() : null;
  const intake = createIntake(shards.sink, problems, {
    sha256: ports.sha256,
    batchPictures: 1,
    isWanted: (path) => known?.wanted.has(path) ?? lists?.mayBeOf(path) ?? true,
    factsOf: (path) => known?.files.get(path)?.facts,
  });
  for await (const entry of source.entries(problems)) {
    signal.throwIfAborted();
    await intake.take(entry);
    await lists?.hear(entry.path, intake.files.get(entry.path));
    onPicture(intake.pictures());
  }
  await intake.flush();
  await shards.endPictures();

  const used = new Map<string, Uint8Array<ArrayBuffer>>();
  const tree: FileTree = { name: source.name, files: breathing(noting(intake.files, used), ports.now), problems };
  const { imageBytes: _, ...set } = await readDataSet(tree, { signal, onProgress: onRead });
  await shards.addTexts(used);

  const missing = new Set(set.problems.filter(({ reason }) => reason === LEFT_UNREAD).map(({ file }) => file));
  const samples = set.samples.map((sample) => ({ ...sample, picture: shards.placeOf(sample.imagePath) }));
  const usedBytes = samples.reduce((sum, { picture }) => sum + picture.byteLength, 0);
  const pictureBytes = shards.pictureBytes();
  return {
    index: {
      ...set,
      sources: source.files(),
      shardBytes,
      counts: setCounts(set),
      shards: shards.written,
      samples,
    },
    files: intake.files,
    missing,
    unusedBytes: pictureBytes - usedBytes,
    pictureBytes,
  };
}

/** Packs what comes into shards, and knows where each picture is. */
function shardSink({ write, sha256: digest }: MakeShardsPorts, shardBytes: number) {
  const packer = shardPacker(shardBytes);
  const written: Shard[] = [];
  const places = new Map<string, ShardPlace>();
  let pictureBytes = 0;
  const end = async (): Promise<void> => {
    if (packer.byteLength() === 0) return;
    const bytes = packer.end();
    const name = `shard-${String(written.length).padStart(5, '0')}.tar`;
    await write(name, bytes);
    written.push({ name, byteLength: bytes.byteLength, sha256: await digest(bytes) });
  };
  const sink: PictureSink = {
    async write(pictures: readonly PictureBytes[], facts: readonly JournalPicture[]) {
      for (const [i, picture] of pictures.entries()) {
        const { sha256 = '' } = facts[i] ?? {};
        const { path, bytes } = picture;
        const byteOffset = await packer.add(picture);
        places.set(path, { shard: written.length, byteOffset, byteLength: bytes.byteLength, sha256 });
        pictureBytes += bytes.byteLength;
        if (packer.byteLength() >= shardBytes) await end();
      }
    },
    // The facts of a picture are taken while it passes: nobody reads its bytes again.
    read: (path) => Promise.reject(new Error(`${path} is in a shard, and nothing should read it.`)),
  };
  return {
    written,
    sink,
    /** Ends the last shard of pictures, and gives the memory back. */
    async endPictures(): Promise<void> {
      await end();
      packer.release();
    },
    async addTexts(files: Iterable<[string, Uint8Array<ArrayBuffer>]>): Promise<void> {
      for (const [path, bytes] of files) {
        await packer.add({ path, bytes });
        if (packer.byteLength() >= shardBytes) await end();
      }
      await end();
    },
    pictureBytes: () => pictureBytes,
    placeOf(path: string): ShardPlace {
      const place = places.get(path);
      if (place === undefined) throw new Error(`${path} is in no shard.`);
      return place;
    },
  };
}

/** What VOC's lists have named so far: a picture of a folder that has lists and is in none of them is not of the set. */
function listedSoFar() {
  const byRoot = new Map<string, Set<string>>();
  return {
    async hear(path: string, entry: FileEntry | undefined): Promise<void> {
      const { part, root } = vocPart(path);
      if (part !== 'list' || entry === undefined) return;
      const listed = byRoot.get(root) ?? new Set<string>();
      for (const id of readSplitList(await entry.read())) listed.add(id);
      byRoot.set(root, listed);
    },
    mayBeOf(path: string): boolean {
      const { part, root } = vocPart(path);
      if (part !== 'picture') return true;
      return byRoot.get(root)?.has(stemOf(path).normalize('NFC')) ?? true;
    },
  };
}

/** The same files; which annotations and lists are read of them stands in `used` afterwards, in order of the first reading. */
function noting(
  files: ReadonlyMap<string, FileEntry>,
  used: Map<string, Uint8Array<ArrayBuffer>>,
): ReadonlyMap<string, FileEntry> {
  return new Map(
    [...files].map(([path, entry]) => {
      if (entry.facts !== undefined) return [path, entry];
      const read = async (): Promise<Uint8Array> => {
        const bytes = await entry.read();
        used.set(path, bytes as Uint8Array<ArrayBuffer>);
        return bytes;
      };
      return [path, { byteLength: entry.byteLength, read }];
    }),
  );
}
