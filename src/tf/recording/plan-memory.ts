import type { Command } from './command.ts';

/** From the first command that touches a buffer of the work to the last. */
export interface Lifetime {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** Which block each buffer of each piece of work stands in. */
export interface MemoryPlan {
  /** Bytes of each block. */
  readonly blocks: readonly number[];
  /** For each piece of work: the block of each of its buffers, by number. */
  readonly places: readonly (readonly number[])[];
}

/** When each planned buffer is in use, by its number. One that no command touches takes nothing. */
export function lifetimesOf(commands: readonly Command[], bytes: readonly number[]): Lifetime[] {
  const first = bytes.map(() => Number.POSITIVE_INFINITY);
  const last = bytes.map(() => -1);
  for (const [at, { bindings }] of commands.entries()) {
    for (const { source } of bindings) {
      if (source.kind !== 'planned') continue;
      first[source.id] = Math.min(first[source.id] ?? at, at);
      last[source.id] = at;
    }
  }
  return bytes.map((size, id) => ({ first: first[id] ?? 0, last: last[id] ?? -1, bytes: size }));
}

/**
 * Puts the buffers of several pieces of work, of which one runs at a time, into as few bytes of shared blocks as a greedy
 * choice finds: the largest buffer first, each into the smallest block that is free while it lives. A block is a buffer of
 * its own, since WebGPU lets no program read one part of a buffer and write another.
 *
 * Source: Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020, "greedy by size" of shared objects.
 */
export function planMemory(works: readonly (readonly Lifetime[])[]): MemoryPlan {
  const wanted = works.flatMap((lifetimes, work) =>
    lifetimes.flatMap((lifetime, id) => (lifetime.last < 0 ? [] : [{ ...lifetime, work, id }])),
  );
  wanted.sort((a, b) => b.bytes - a.bytes || a.work - b.work || a.first - b.first);
  const blocks: { readonly bytes: number; readonly taken: Lifetime[][] }[] = [];
  const places = works.map((lifetimes) => lifetimes.map(() => -1));
  for (const buffer of wanted) {
    // Sorted by size: every block there is holds it, and the last that is free is the smallest.
    let block = blocks.length - 1;
    while (block >= 0 && !isFree(blocks[block]?.taken[buffer.work] ?? [], buffer)) block--;
    if (block < 0) {
      block = blocks.length;
      blocks.push({ bytes: buffer.bytes, taken: works.map(() => []) });
    }
    blocks[block]?.taken[buffer.work]?.push(buffer);
    const ofWork = places[buffer.work];
    if (ofWork) ofWork[buffer.id] = block;
  }
  return { blocks: blocks.map(({ bytes }) => bytes), places };
}

function isFree(taken: readonly Lifetime[], { first, last }: Lifetime): boolean {
  return taken.every((other) => other.last < first || last < other.first);
}
