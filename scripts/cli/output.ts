import { Console } from 'node:console';
import type { Writable } from 'node:stream';

/** Standard output and standard error of a command; a reader that has gone away (`| head`) is no error. */
export class Output {
  constructor(
    private readonly stdout: Writable,
    private readonly stderr: Writable,
  ) {
    for (const stream of [stdout, stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EPIPE') process.exit(0);
        throw error;
      });
    }
  }

  toStdout(line: string): void {
    this.stdout.write(`${line}\n`);
  }

  toStderr(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** What libraries print with `console.log` goes to standard error from now on. */
  keepConsoleOffStdout(): void {
    globalThis.console = new Console(process.stderr, process.stderr);
  }

  /** Resolves when everything written so far has been handed to the system. */
  async flushed(): Promise<void> {
    for (const stream of [this.stdout, this.stderr]) {
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
    }
  }
}
