import { spawn } from 'node:child_process';
import { PROJECT_ROOT } from './project-root.ts';

/** How a program ended; `code` is null where it could not be started, was killed, or ran out of time. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The program is killed when it has printed nothing for so long. */
  readonly silenceMs?: number;
  /** The project's own folder, if not said otherwise. */
  readonly cwd?: string;
}

/** Runs a program without showing what it prints; a program that can't be run has code null. */
export function runQuietly(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? PROJECT_ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    const stopChild = () => child.kill('SIGKILL');
    const timeLimit = setTimeout(stopChild, options.timeoutMs);
    let silence: NodeJS.Timeout | undefined;
    const heard = () => {
      if (options.silenceMs === undefined) return;
      clearTimeout(silence);
      silence = setTimeout(stopChild, options.silenceMs);
    };
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      heard();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      heard();
    });
    heard();
    process.once('exit', stopChild);
    const end = (code: number | null) => {
      clearTimeout(timeLimit);
      clearTimeout(silence);
      process.removeListener('exit', stopChild);
      resolve({ code, stdout, stderr });
    };
    child.on('error', () => end(null));
    child.on('close', (code) => end(code));
  });
}
