import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../scripts/setup/project-root.ts';

/** How one run of the command ended. */
export interface DataRun {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly seconds: number;
  /** Of its memory that was in use at the same time; null where the system does not tell. */
  readonly peakBytes: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run data` as a process of its own; with `killAfterMs` it is killed by SIGKILL then. */
export function runData(args: readonly string[], killAfterMs?: number): Promise<DataRun> {
  const started = performance.now();
  // As package.json starts it.
  const node = ['--max-semi-space-size=1', '--heap-growing-percent=40', '--import', 'tsx'];
  const child = spawn(process.execPath, [...node, join(PROJECT_ROOT, 'scripts/data.ts'), ...args]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += String(chunk);
  });
  let peakBytes: number | null = null;
  const watch = setInterval(() => {
    peakBytes = peakOf(child.pid) ?? peakBytes;
  }, 100);
  const kill = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      clearTimeout(kill);
      resolve({ code, seconds: (performance.now() - started) / 1000, peakBytes, ...output });
    });
  });
}

/** sha256 over names and bytes of all files of a folder of shards, so that two such folders can be told apart. */
export function folderHash(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    if (name === 'raw') continue;
    hash.update(`${name}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest(),
    );
  }
  return hash.digest('hex');
}

function peakOf(pid: number | undefined): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null; // not Linux, or it has ended
  }
}
