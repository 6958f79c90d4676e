import fc from 'fast-check';
import { StudioError } from '../../src/base/errors.ts';
import { type BenchRow, ours } from '../report.ts';
import { type FuzzedReader, fuzzedReaders } from './readers.ts';

/** What became of one reader's inputs. */
export interface FuzzResult {
  readonly reader: string;
  readonly inputs: number;
  /** Of them, those that were read; the others were refused with a sentence. */
  readonly read: number;
  readonly slowestMs: number;
}

/** No input is larger than some kilobytes: what takes longer hangs, for a person. */
const MOST_MS = 2_000;

const INPUTS = 10_000;

/** All readers with 10,000 inputs each. */
export async function benchFuzz(say: (line: string) => void): Promise<BenchRow[]> {
  const results = await fuzzReaders(INPUTS, 1);
  for (const { reader, inputs, read } of results)
    say(`${reader}: ${read} of ${inputs} inputs were read, the others refused.`);
  return results.map(({ reader, slowestMs }) => ours(`slowest of ${INPUTS} inputs, ${reader}`, slowestMs, 'ms'));
}

/**
 * Gives each reader so many inputs: samples with bytes changed, cut out, doubled and put together anew, and bytes at random. The
 * same seed gives the same inputs. Throws where a reader ends with anything but a result or a sentence for a person, or takes
 * two seconds, with the reader's name and the input.
 */
export async function fuzzReaders(inputs: number, seed: number): Promise<FuzzResult[]> {
  const results: FuzzResult[] = [];
  for (const reader of await fuzzedReaders()) results.push(await fuzzReader(reader, inputs, seed));
  return results;
}

async function fuzzReader({ name, samples, read }: FuzzedReader, inputs: number, seed: number): Promise<FuzzResult> {
  let done = 0;
  let slowestMs = 0;
  const property = fc.asyncProperty(changed(samples), async (bytes) => {
    const started = performance.now();
    try {
      await read(bytes);
      done += 1;
    } catch (thrown) {
      if (!(thrown instanceof StudioError) || thrown.code === 'internal' || thrown.message.trim() === '') {
        throw new Error(`${name}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
      }
    }
    const ms = performance.now() - started;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > MOST_MS) throw new Error(`${name} took ${ms.toFixed(0)} ms.`);
  });
  await fc.assert(property, { numRuns: inputs, seed, endOnFailure: true });
  return { reader: name, inputs, read: done, slowestMs };
}

/** A sample after some changes; seldom bytes at random. */
function changed(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const change = fc.record({
    kind: fc.constantFrom('set', 'flip', 'cut', 'double', 'insert', 'end', 'join'),
    at: part,
    length: fc.integer({ min: 1, max: 64 }),
    byte: fc.integer({ min: 0, max: 255 }),
    text: fc.constantFrom(
      '\0',
      '<',
      '"',
      '{',
      '[[[[',
      '1e999',
      '-1',
      '__proto__',
      '&a;',
      '*a',
      '..',
      '\u{ffff}',
      '9'.repeat(20),
    ),
  });
  const mutated = fc
    .record({
      sample: fc.constantFrom(...samples),
      other: fc.constantFrom(...samples),
      changes: fc.array(change, { maxLength: 8 }),
    })
    .map(({ sample, other, changes }) => {
      let bytes = new Uint8Array(sample);
      for (const { kind, at, length, byte, text } of changes) {
        const from = Math.floor(at * bytes.byteLength);
        const to = Math.min(bytes.byteLength, from + length);
        if (kind === 'set') bytes.fill(byte, from, to);
        else if (kind === 'flip' && from < bytes.byteLength) bytes[from] = (bytes[from] ?? 0) ^ (1 << (byte & 7));
        else if (kind === 'cut') bytes = joined(bytes.subarray(0, from), bytes.subarray(to));
        else if (kind === 'double') bytes = joined(bytes.subarray(0, to), bytes.subarray(from));
        else if (kind === 'insert')
          bytes = joined(bytes.subarray(0, from), new TextEncoder().encode(text), bytes.subarray(from));
        else if (kind === 'end') bytes = bytes.slice(0, from);
        else if (kind === 'join')
          bytes = joined(bytes.subarray(0, from), other.subarray(Math.floor(at * other.byteLength)));
      }
      return bytes;
    });
  return fc.oneof(
    { weight: 9, arbitrary: mutated },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2048 }).map((b) => new Uint8Array(b)) },
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
