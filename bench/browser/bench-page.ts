import type { BenchReport } from '../report.ts';
import type { BenchMessage } from './bench.worker.ts';

declare global {
  interface Window {
    /** Put there by run-in-browser.ts. */
    heardFromBench(message: BenchMessage): void;
    runSuite(suite: string): Promise<BenchReport>;
  }
}

window.runSuite = (suite) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<BenchMessage>) => {
      window.heardFromBench(data);
      if ('report' in data) resolve(data.report);
      if ('failed' in data) reject(new Error(data.failed));
    });
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.postMessage(suite);
  });
