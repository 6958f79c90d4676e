import { type ChildProcess, spawn } from 'node:child_process';
import { PROJECT_ROOT } from '../setup/project-root.ts';

export interface GroupOptions {
  readonly env: Readonly<Record<string, string>>;
  /** When it is aborted, the program and all that it started are killed. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** No colour codes in a log file. */
const PLAIN_OUTPUT = process.stdout.isTTY || process.env.FORCE_COLOR ? {} : { NO_COLOR: '1' };

/** Runs Node on a script with what it prints shown, in a process group of its own; the exit status, or null if it was killed. */
export function runGroup(args: readonly string[], { env, signal, timeoutMs }: GroupOptions): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...PLAIN_OUTPUT, ...env },
      detached: process.platform !== 'win32',
    });
    const stop = () => killGroup(child);
    const timeLimit = setTimeout(stop, timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    process.once('exit', stop);
    const end = (code: number | null) => {
      clearTimeout(timeLimit);
      signal.removeEventListener('abort', stop);
      process.removeListener('exit', stop);
      stop(); // a server or a browser that was left behind
      resolve(code);
    };
    child.on('error', () => end(null));
    child.on('exit', (code) => end(code));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: all of it has ended already
  }
}
