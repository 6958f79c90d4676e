/** Something that is measured against others. */
export interface Contender {
  /**
   * Does the work `times` times, and returns when the device has done all of it: milliseconds, where the device's own clock
   * tells them, or else nothing, and the time from call to return counts.
   */
  run(times: number): Promise<number | undefined>;
}

export interface InterleaveOptions {
  readonly rounds: number;
  /** How long a sample of the first contender shall take, about; the others do the work as many times as it. */
  readonly sampleMs: number;
  readonly signal: AbortSignal;
}

const MOST = 50;

/**
 * Milliseconds of one piece of work, of each contender in each round: A B C A B C and so on, so that what else the machine
 * does falls on all of them. A sample of short work is several pieces, as many for each contender, so that what one wait
 * costs is the same for all. Throws `signal`'s reason between two samples once it is aborted.
 */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, sampleMs, signal }: InterleaveOptions,
): Promise<number[][]> {
  const sample = async (contender: Contender, times: number): Promise<number> => {
    signal.throwIfAborted();
    const start = performance.now();
    const ms = await contender.run(times);
    return (ms ?? performance.now() - start) / times;
  };
  // Programs are compiled, and buffers pooled.
  for (const contender of contenders) await sample(contender, 1);
  const [first] = contenders;
  if (!first) return [];
  const times = Math.min(MOST, Math.ceil(sampleMs / (await sample(first, 1))));
  const taken = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) taken[i]?.push(await sample(contender, times));
  }
  return taken;
}
