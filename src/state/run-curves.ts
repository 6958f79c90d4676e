import type { StepRecord } from '../rpc/protocol.ts';

/** More would be closer together than the dots of a screen. */
const MOST_SPANS = 500;

/** Steps that follow each other, drawn as one: their sums, and between which values two of them went. */
interface Span {
  last: number;
  count: number;
  loss: number;
  lossCe: number;
  lossBbox: number;
  lossGiou: number;
  /** Of the last step: a mean would show rates that never were. */
  lr: number;
  gradNorm: number;
  lossRange: Range;
  gradNormRange: Range;
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly lowCameFirst: boolean;
}

/** The curves of a run, ready to be drawn: for each of `steps` a value a line, null where a line has no point. */
export interface PlottedRun {
  readonly steps: readonly number[];
  /** Each step's; of a span its lowest and highest, in the order in which they came. */
  readonly lossEach: readonly (number | null)[];
  /** The total and its terms, smoothed. */
  readonly loss: readonly (number | null)[];
  readonly lossCe: readonly (number | null)[];
  readonly lossBbox: readonly (number | null)[];
  readonly lossGiou: readonly (number | null)[];
  readonly lr: readonly (number | null)[];
  readonly gradNorm: readonly (number | null)[];
}

/**
 * The steps of a run as far as they are drawn. Every step has its own point until there are 500; then two neighbours are
 * drawn as one, and so on, so that a run of any length takes the same memory and the same time to draw.
 */
export class RunCurves {
  #spans: Span[] = [];
  #stepsPerSpan = 1;
  #drawn: { readonly smoothing: number; readonly plotted: PlottedRun } | null = null;

  /** How many steps one point stands for. */
  get stepsPerSpan(): number {
    return this.#stepsPerSpan;
  }

  /** Adds a step after those that are here. */
  append(record: StepRecord): void {
    this.#drawn = null;
    const span = spanOf(record);
    const last = this.#spans.at(-1);
    if (last !== undefined && last.count < this.#stepsPerSpan) this.#spans[this.#spans.length - 1] = joined(last, span);
    else this.#spans.push(span);
    if (this.#spans.length <= MOST_SPANS) return;
    this.#stepsPerSpan *= 2;
    const halved: Span[] = [];
    for (let index = 0; index < this.#spans.length; index += 2) {
      const [one, other] = [this.#spans[index], this.#spans[index + 1]];
      if (one !== undefined) halved.push(other === undefined ? one : joined(one, other));
    }
    this.#spans = halved;
  }

  /** Forgets what was drawn of later steps; a point that stands for earlier ones too goes with them. */
  cutAfter(step: number): void {
    this.#drawn = null;
    this.#spans = this.#spans.filter(({ last }) => last <= step);
  }

  /** The points of this moment, the same object until one is added; `smoothing` is the past's weight a step, 0 to below 1. */
  plotted(smoothing: number): PlottedRun {
    if (this.#drawn?.smoothing !== smoothing) this.#drawn = { smoothing, plotted: this.#plot(smoothing) };
    return this.#drawn.plotted;
  }

  #plot(smoothing: number): PlottedRun {
    const steps: number[] = [];
    const lossEach: number[] = [];
    const gradNorm: number[] = [];
    const [loss, lossCe, lossBbox, lossGiou, lr]: (number | null)[][] = [[], [], [], [], []];
    const average = movingAverages(smoothing);
    for (const span of this.#spans) {
      if (span.count > 1) {
        steps.push(span.last - Math.floor(span.count / 2));
        lossEach.push(span.lossRange.lowCameFirst ? span.lossRange.low : span.lossRange.high);
        gradNorm.push(span.gradNormRange.lowCameFirst ? span.gradNormRange.low : span.gradNormRange.high);
        for (const line of [loss, lossCe, lossBbox, lossGiou, lr]) line?.push(null);
      }
      steps.push(span.last);
      lossEach.push(span.lossRange.lowCameFirst ? span.lossRange.high : span.lossRange.low);
      gradNorm.push(span.gradNormRange.lowCameFirst ? span.gradNormRange.high : span.gradNormRange.low);
      const smoothed = average(span);
      loss?.push(smoothed[0]);
      lossCe?.push(smoothed[1]);
      lossBbox?.push(smoothed[2]);
      lossGiou?.push(smoothed[3]);
      lr?.push(span.lr);
    }
    return {
      steps,
      lossEach,
      loss: loss ?? [],
      lossCe: lossCe ?? [],
      lossBbox: lossBbox ?? [],
      lossGiou: lossGiou ?? [],
      lr: lr ?? [],
      gradNorm,
    };
  }
}

/**
 * Exponential moving averages with the start's bias taken out (Kingma and Ba 2015, section 3). A span of n steps moves them
 * by 1 - weight^n, as n steps of its mean would.
 */
function movingAverages(weight: number): (span: Span) => readonly [number, number, number, number] {
  let kept = 1;
  let averages: readonly [number, number, number, number] = [0, 0, 0, 0];
  return ({ count, loss, lossCe, lossBbox, lossGiou }) => {
    const past = weight ** count;
    kept *= past;
    const next = (before: number, sum: number): number => past * before + ((1 - past) * sum) / count;
    averages = [
      next(averages[0], loss),
      next(averages[1], lossCe),
      next(averages[2], lossBbox),
      next(averages[3], lossGiou),
    ];
    const share = 1 - kept;
    return [averages[0] / share, averages[1] / share, averages[2] / share, averages[3] / share];
  };
}

function spanOf(record: StepRecord): Span {
  return {
    last: record.step,
    count: 1,
    loss: record.loss,
    lossCe: record.loss_ce,
    lossBbox: record.loss_bbox,
    lossGiou: record.loss_giou,
    lr: record.lr,
    gradNorm: record.grad_norm,
    lossRange: { low: record.loss, high: record.loss, lowCameFirst: true },
    gradNormRange: { low: record.grad_norm, high: record.grad_norm, lowCameFirst: true },
  };
}

function joined(one: Span, other: Span): Span {
  return {
    last: other.last,
    count: one.count + other.count,
    loss: one.loss + other.loss,
    lossCe: one.lossCe + other.lossCe,
    lossBbox: one.lossBbox + other.lossBbox,
    lossGiou: one.lossGiou + other.lossGiou,
    lr: other.lr,
    gradNorm: one.gradNorm + other.gradNorm,
    lossRange: joinedRange(one.lossRange, other.lossRange),
    gradNormRange: joinedRange(one.gradNormRange, other.gradNormRange),
  };
}

function joinedRange(one: Range, other: Range): Range {
  const lowIsInOne = one.low <= other.low;
  const highIsInOne = one.high >= other.high;
  const lowCameFirst = lowIsInOne === highIsInOne ? (lowIsInOne ? one.lowCameFirst : other.lowCameFirst) : lowIsInOne;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high), lowCameFirst };
}
