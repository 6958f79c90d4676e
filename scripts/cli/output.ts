import { Console } from 'node:console';
import type { Writable } from 'node:stream';

/** What a command does when it can no longer be heard. */
export interface OutputListener {
  /** The reader of standard output has gone away (`| head`): nothing that is printed arrives any more. */
  onReaderGone(): void;
  /** What is printed can't be written, as a full sentence. */
  onFailure(line: string): void;
}

/** Standard output and standard error of a command. A reader that has gone away is no error; a full disk is one. */
export class Output {
  readonly #lost = new Set<Writable>();
  #failed = false;
  #readerGone = false;

  constructor(
    private readonly stdout: Writable,
    private readonly stderr: Writable,
    private readonly listener: OutputListener,
  ) {
    for (const stream of [stdout, stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => this.#lose(stream, error));
    }
  }

  /** True once something could not be written, other than for want of a reader. */
  get failed(): boolean {
    return this.#failed;
  }

  /** True once the reader of standard output has gone away. */
  get readerGone(): boolean {
    return this.#readerGone;
  }

  toStdout(line: string): void {
    this.#write(this.stdout, line);
  }

  toStderr(line: string): void {
    this.#write(this.stderr, line);
  }

  /** What libraries print with `console.log` goes to standard error from now on. */
  keepConsoleOffStdout(): void {
    globalThis.console = new Console(process.stderr, process.stderr);
  }

  /** Resolves when everything written so far has been handed to the system, or could not be. */
  async flushed(): Promise<void> {
    for (const stream of [this.stdout, this.stderr]) {
      if (this.#lost.has(stream)) continue;
      await new Promise<void>((resolve) => {
        stream.write('', (error) => {
          if (error) this.#lose(stream, error);
          resolve();
        });
      });
    }
  }

  #write(stream: Writable, line: string): void {
    if (!this.#lost.has(stream)) stream.write(`${line}\n`);
  }

  #lose(stream: Writable, error: NodeJS.ErrnoException): void {
    if (this.#lost.has(stream)) return;
    this.#lost.add(stream);
    const gone = error.code === 'EPIPE' || (error.code === 'EIO' && 'isTTY' in stream && stream.isTTY === true);
    if (!gone) {
      this.#failed = true;
      const name = stream === this.stdout ? 'Standard output' : 'Standard error';
      this.listener.onFailure(`${name} can't be written (${error.message}). Free some space, or send it elsewhere.`);
    } else if (stream === this.stdout) {
      this.#readerGone = true;
      this.listener.onReaderGone();
    }
  }
}
