import { Command, CommanderError } from 'commander';
import { StudioError, toStudioError } from '../../src/base/errors.ts';
import { startInterruption } from './interruption.ts';
import { Output } from './output.ts';
import { ProgressLine } from './progress-line.ts';

/** Exit statuses that people and scripts rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** What a command is given to work with. */
export interface CommandContext {
  /** Aborted at the first Ctrl-C, or when nobody reads on: stop cleanly, and keep what is done. */
  readonly signal: AbortSignal;
  /** True where `--json` was given: only the returned document goes to standard output. */
  readonly json: boolean;
  /** For people: a line on standard output, left out under `--json`. */
  print(line: string): void;
  /** A notice on standard error. */
  say(line: string): void;
  /** How far it is, on standard error. */
  readonly progress: ProgressLine;
  /** Ends with status 1 although nothing is thrown: what was wrong has been printed already, in more than one line. */
  markFailed(): void;
}

export interface CommandSpec<Options extends object> {
  /** As it is called, such as "npm run train --". */
  readonly name: string;
  readonly summary: string;
  /** Adds arguments and options; `--help` and `--json` are there already. */
  define(command: Command): void;
  /** Does the work and returns the document that `--json` prints; undefined prints none. */
  run(options: Options, args: readonly string[], context: CommandContext): Promise<unknown>;
  /** False where there is no document to print, so that `--json` is refused. */
  readonly hasJson?: boolean;
}

/**
 * Runs one command of the shell to its end and leaves the process with its exit status: 0 done, 1 failed, 2 usage.
 *
 * A failure is one line on standard error: what was found, what was expected, what to do. Never a stack trace, unless
 * DETRAIN_DEBUG is set. The first Ctrl-C aborts `context.signal`, the second ends the process at once. A reader of standard
 * output that goes away aborts it as well, and silently; one of standard error is not missed. Output that can't be written
 * for another reason aborts, too, and the status is then 1.
 */
export async function runCommand<Options extends object>(
  spec: CommandSpec<Options>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<never> {
  const output = new Output(process.stdout, process.stderr, {
    onReaderGone: () => interruption.stop(),
    onFailure(line) {
      progress.clear();
      output.toStderr(line);
      interruption.stop();
    },
  });
  const progress = new ProgressLine(process.stderr);
  const interruption = startInterruption(() => {
    progress.clear();
    output.toStderr('Stopping. Press Ctrl-C again to end at once.');
  });
  const status = await perform(spec, argv, { output, progress, signal: interruption.signal });
  progress.clear();
  interruption.end();
  await output.flushed();
  process.exit(output.failed && status === EXIT.done ? EXIT.failed : status);
}

interface Surroundings {
  readonly output: Output;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
}

async function perform<Options extends object>(
  spec: CommandSpec<Options>,
  argv: readonly string[],
  { output, progress, signal }: Surroundings,
): Promise<number> {
  const command = parserOf(spec, output);
  let status: number = EXIT.done;
  try {
    command.parse([...argv], { from: 'user' });
    const options = command.opts<Options & { json?: boolean }>();
    const json = options.json === true;
    if (json) output.keepConsoleOffStdout();
    const document = await spec.run(options, command.args, {
      signal,
      json,
      progress,
      markFailed() {
        status = EXIT.failed;
      },
      print(line) {
        progress.clear();
        if (!json) output.toStdout(line);
      },
      say(line) {
        progress.clear();
        output.toStderr(line);
      },
    });
    if (json && document !== undefined) output.toStdout(JSON.stringify(document, null, 2));
    return status;
  } catch (thrown) {
    progress.clear();
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return EXIT.done; // --help and --version
      output.toStderr(usageLine(spec.name, thrown.message));
      return EXIT.usage;
    }
    const error = toStudioError(thrown);
    // Told in other words already, or nobody waits for it any more.
    if (error.code === 'cancelled' && (output.failed || output.readerGone)) return EXIT.failed;
    output.toStderr(failureLine(spec.name, error));
    if (process.env.DETRAIN_DEBUG) output.toStderr(String(error.stack));
    return error.code === 'usage' ? EXIT.usage : EXIT.failed;
  }
}

function parserOf<Options extends object>(spec: CommandSpec<Options>, output: Output): Command {
  const command = new Command(spec.name)
    .description(spec.summary)
    .helpOption('-h, --help', 'show this text')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.toStdout(text.trimEnd()), writeErr: () => undefined });
  spec.define(command);
  if (spec.hasJson !== false) command.option('--json', 'print one JSON document on standard output, and nothing else');
  return command;
}

function failureLine(name: string, error: StudioError): string {
  const line = oneLine(error.message);
  if (error.code === 'usage') return usageLine(name, line);
  if (error.code !== 'internal') return line;
  return `Something went wrong inside Detrain: ${line}. Set DETRAIN_DEBUG=1 to see where, and report it.`;
}

function usageLine(name: string, message: string): string {
  const text = oneLine(message.replace(/^error: /, ''));
  return `${text.endsWith('.') || text.endsWith('?)') ? text : `${text}.`} See: ${name} --help`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** Refuses the command line as it was given. Throws `usage`, which exits with status 2. */
export function refuseUsage(message: string): never {
  throw new StudioError('usage', message);
}
