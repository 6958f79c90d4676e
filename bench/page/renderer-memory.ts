import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright';

/** What the pages of a browser take in memory: their processes hold the page, its workers and all that both have in hand. */
export interface RendererMemory {
  /** By how much the largest process outgrew what it had when this was made, at its highest. */
  growthBytes(): number;
}

/** Begins to watch. Null where the system does not say (it is Linux that does). */
export async function rendererMemory(browser: Browser): Promise<RendererMemory | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  try {
    const processes = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => {
        // From now on the high-water mark counts from what it has now.
        writeFileSync(`/proc/${id}/clear_refs`, '5');
        return { id, before: kilobytes(id, 'VmRSS') };
      });
    return {
      growthBytes: () => Math.max(...processes.map(({ id, before }) => (kilobytes(id, 'VmHWM') - before) * 1024)),
    };
  } catch {
    // Another system, or not allowed: then there is no figure.
    return null;
  }
}

function kilobytes(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
}
