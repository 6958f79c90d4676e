import { createGpuSession } from '../../src/tf/index.ts';
import { carriedTiny } from '../carried-tiny.ts';
import { GPU_SUITES } from '../gpu-suites.ts';
import { benchReading } from '../reading/reading.ts';
import type { BenchReport } from '../report.ts';

export type BenchMessage = { readonly line: string } | { readonly report: BenchReport } | { readonly failed: string };

const post = (message: BenchMessage) => self.postMessage(message);

/** Measures the suite of that name, on the device that a trainer's worker would have where it needs one. */
self.addEventListener('message', async ({ data: suite }: MessageEvent<string>) => {
  try {
    const say = (line: string) => post({ line });
    if (suite === 'reading') {
      post({ report: { adapter: 'no device', suite, rows: await benchReading(say) } });
      return;
    }
    const session = await createGpuSession(navigator.gpu, { drawsWindow: true });
    const rows = await GPU_SUITES[suite]?.({ session, tiny: carriedTiny(), say, signal: new AbortController().signal });
    post({ report: { adapter: session.adapter.name, suite, rows: rows ?? [] } });
  } catch (thrown) {
    post({ failed: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});
