import type { CDPSession } from 'playwright';

/** One task of a page's main thread, or one stretch of its script inside a task. */
export interface TracedSpan {
  readonly startMs: number;
  readonly durationMs: number;
  /** What the thread itself worked of that, which does not grow where other programs take the processor. */
  readonly cpuMs: number;
}

/** What a page's main thread did while it was traced. */
export interface PageTrace {
  readonly tasks: readonly TracedSpan[];
  readonly scripts: readonly TracedSpan[];
  /** When each frame was begun. */
  readonly framesMs: readonly number[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Script of the page: calls from the browser into it, timers and frame callbacks included. */
const SCRIPT = new Set(['FunctionCall', 'EvaluateScript', 'RunMicrotasks']);
const FRAME = 'BeginMainThreadFrame';
const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'v8.execute',
];

/** Traces the page of this session while `work` goes on. */
export async function tracePage(cdp: CDPSession, work: () => Promise<void>): Promise<PageTrace> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => {
    for (const event of value) events.push(event as TraceEvent);
  };
  cdp.on('Tracing.dataCollected', collect);
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { excludedCategories: ['*'], includedCategories: CATEGORIES },
  });
  await work();
  const complete = new Promise<void>((resolve) => {
    cdp.once('Tracing.tracingComplete', () => resolve());
  });
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', collect);
  return read(events);
}

function read(events: readonly TraceEvent[]): PageTrace {
  const mains = new Map<string, number>();
  for (const { name, args, pid, tid } of events) {
    if (name === 'thread_name' && args?.name === 'CrRendererMain') mains.set(`${pid}/${tid}`, 0);
  }
  const onMain = events.filter(({ pid, tid }) => mains.has(`${pid}/${tid}`));
  // A browser has several renderers: the page's is the one that draws frames.
  for (const { name, pid, tid } of onMain) {
    const key = `${pid}/${tid}`;
    if (name === FRAME) mains.set(key, (mains.get(key) ?? 0) + 1);
  }
  const [busiest] = [...mains].sort((a, b) => b[1] - a[1])[0] ?? [''];
  const own = onMain.filter(({ pid, tid }) => `${pid}/${tid}` === busiest);
  const spans = (wanted: (name: string) => boolean): TracedSpan[] =>
    own
      .filter(({ name, ph, dur }) => ph === 'X' && dur !== undefined && wanted(name))
      .map(({ ts, dur = 0, tdur = dur }) => ({ startMs: ts / 1000, durationMs: dur / 1000, cpuMs: tdur / 1000 }))
      .sort((a, b) => a.startMs - b.startMs);
  return {
    tasks: outermost(spans((name) => name === 'RunTask')),
    scripts: outermost(spans((name) => SCRIPT.has(name))),
    framesMs: own.filter(({ name }) => name === FRAME).map(({ ts }) => ts / 1000),
  };
}

/** Spans that stand inside others are counted with them. */
function outermost(spans: readonly TracedSpan[]): TracedSpan[] {
  const kept: TracedSpan[] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    if (span.startMs + span.durationMs <= endMs) continue;
    kept.push(span);
    endMs = Math.max(endMs, span.startMs + span.durationMs);
  }
  return kept;
}

/** The milliseconds of the thread's work on script in each frame, from one frame's begin to the next one's. */
export function scriptPerFrame({ scripts, framesMs }: PageTrace): number[] {
  return framesMs.slice(0, -1).map((startMs, i) => {
    const endMs = framesMs[i + 1] ?? startMs;
    return scripts
      .filter((span) => span.startMs >= startMs && span.startMs < endMs)
      .reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  });
}

/** The value below which this share of all values lies; 0 where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
