import type { MemorySaving, RunEstimate, TrainSettings, WeightsSource } from '../rpc/protocol.ts';
import { type Memory, recalled, remember } from './page-memory.ts';

/** What the length of a step depends on. */
export interface EstimateCase {
  readonly adapter: string;
  /** The weights that it starts from: a larger model takes longer. */
  readonly model: string;
  /** Pictures of the split that is evaluated. */
  readonly evalPictures: number;
  readonly settings: TrainSettings;
}

/** What was measured once, in parts that can be put together for other lengths. */
export interface MeasuredSpeed {
  readonly secondsPerStep: number;
  /** Null where no evaluation was measured. */
  readonly secondsPerEvalPicture: number | null;
  /** Null where only a run was watched, which does not tell. */
  readonly gpuBytes: number | null;
  /** What lowers the memory. */
  readonly savings: readonly MemorySaving[];
}

/** By `speedKey`. */
export type MeasuredSpeeds = Readonly<Record<string, MeasuredSpeed>>;

/** What the form shows before the start. */
export interface ShownEstimate {
  readonly seconds: number;
  readonly gpuBytes: number | null;
  readonly savings: readonly MemorySaving[];
  /** True where something that matters has changed since: the figures are then of another run. */
  readonly stale: boolean;
}

const MOST_KEPT = 40;
const KEY = 'detrain:speeds';

/** Cases with the same key take the same time a step. */
export function speedKey({ adapter, model, settings }: EstimateCase): string {
  const { size, batch, accumulate, recompute, freezeBackbone, freezeEncoder } = settings;
  return JSON.stringify([adapter, model, size, batch, accumulate, recompute, freezeBackbone, freezeEncoder]);
}

/** How many pictures one evaluation looks at. */
export function picturesPerEvaluation({ evalPictures, settings }: EstimateCase): number {
  const { evalImages, overfitPictures } = settings;
  const there = overfitPictures ?? evalPictures;
  return evalImages === null ? there : Math.min(evalImages, there);
}

/** How often a run evaluates: before its first step, every so many, and after its last. */
export function evaluationsOf({ steps, evalEvery }: TrainSettings): number {
  return evalEvery === 0 ? 0 : 1 + Math.ceil(steps / evalEvery);
}

/** The parts of an estimate of the worker. */
export function speedOfEstimate(estimate: RunEstimate, of: EstimateCase): MeasuredSpeed {
  const pictures = picturesPerEvaluation(of);
  const { secondsPerStep, secondsPerEvaluation, gpuBytes, savings } = estimate;
  return {
    secondsPerStep,
    secondsPerEvalPicture: secondsPerEvaluation === null || pictures === 0 ? null : secondsPerEvaluation / pictures,
    gpuBytes,
    savings,
  };
}

/** What is known after one more measurement; what it leaves open stays as it was known before. The oldest go. */
export function withSpeed(speeds: MeasuredSpeeds, key: string, speed: MeasuredSpeed): MeasuredSpeeds {
  const { [key]: before, ...others } = speeds;
  const merged: MeasuredSpeed = {
    ...speed,
    secondsPerEvalPicture: speed.secondsPerEvalPicture ?? before?.secondsPerEvalPicture ?? null,
    gpuBytes: speed.gpuBytes ?? before?.gpuBytes ?? null,
    savings: speed.gpuBytes === null ? (before?.savings ?? []) : speed.savings,
  };
  return Object.fromEntries([...Object.entries(others).slice(1 - MOST_KEPT), [key, merged]]);
}

/**
 * What a run will take by what was measured; null where nothing was. Where only another case was measured, `lastKey`, its
 * figures are given as stale.
 */
export function shownEstimate(speeds: MeasuredSpeeds, of: EstimateCase, lastKey: string | null): ShownEstimate | null {
  const key = speedKey(of);
  const fresh = speeds[key];
  const speed = fresh ?? (lastKey === null ? undefined : speeds[lastKey]);
  if (speed === undefined) return null;
  const { settings } = of;
  const needed =
    settings.steps * speed.secondsPerStep +
    evaluationsOf(settings) * picturesPerEvaluation(of) * (speed.secondsPerEvalPicture ?? 0);
  // Steps alone are cut to the limit: an evaluation may go past it.
  const seconds = settings.maxSeconds === null ? needed : Math.min(needed, settings.maxSeconds);
  return {
    seconds,
    gpuBytes: speed.gpuBytes,
    savings: speed.savings,
    stale: fresh === undefined,
  };
}

/** What a run will take by what was measured of its own case; null where that was not. */
export function knownSeconds(speeds: MeasuredSpeeds, of: EstimateCase): number | null {
  return shownEstimate(speeds, of, null)?.seconds ?? null;
}

/** What earlier visits measured; nothing where that can't be read. */
export function keptSpeeds(memory: Memory | null): MeasuredSpeeds {
  const kept = recalled(memory, KEY);
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, MeasuredSpeed] => isSpeed(entry[1])),
  );
}

/** Keeps them for the next visit. */
export function keepSpeeds(memory: Memory | null, speeds: MeasuredSpeeds): void {
  remember(memory, KEY, speeds);
}

/** The model that weights stand for in a key. Runs may stem from files, so that each counts as a model of its own. */
export function modelKey(source: WeightsSource): string {
  switch (source.kind) {
    case 'bundled':
      return 'bundled';
    case 'run':
      return `run ${source.runId}`;
    case 'hub':
      return `hub ${source.name}`;
    case 'files':
      return `file ${source.name}`;
  }
}

function isSpeed(value: unknown): value is MeasuredSpeed {
  if (typeof value !== 'object' || value === null) return false;
  const speed = value as Readonly<Record<string, unknown>>;
  return (
    typeof speed.secondsPerStep === 'number' &&
    (typeof speed.secondsPerEvalPicture === 'number' || speed.secondsPerEvalPicture === null) &&
    (typeof speed.gpuBytes === 'number' || speed.gpuBytes === null) &&
    Array.isArray(speed.savings)
  );
}
