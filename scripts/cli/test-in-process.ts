import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { PROJECT_ROOT } from '../setup/project-root.ts';

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

let runs = 0;

/**
 * For tests: runs a script of the command line as its own process would, but in this one: a start costs seconds, and a
 * table has many rows. One at a time.
 */
export async function runScriptHere(script: string, args: readonly string[]): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const { argv } = process;
  const { console } = globalThis;
  const take =
    (keep: (text: string) => void) =>
    (chunk: string | Uint8Array, ...rest: unknown[]) => {
      keep(String(chunk));
      const written = rest.at(-1);
      if (typeof written === 'function') written();
      return true;
    };
  const spies = [
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(Number(code));
    }),
    vi.spyOn(process.stdout, 'write').mockImplementation(
      take((text) => {
        stdout += text;
      }),
    ),
    vi.spyOn(process.stderr, 'write').mockImplementation(
      take((text) => {
        stderr += text;
      }),
    ),
  ];
  process.argv = [process.execPath, script, ...args];
  // Each run adds a listener for readers that go away.
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
  try {
    // The number makes it a module of its own, so that it runs again; what it imports is loaded once.
    await import(`${pathToFileURL(`${PROJECT_ROOT}/scripts/${script}.ts`).href}?run=${++runs}`);
    throw new Error(`scripts/${script}.ts did not end the process.`);
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    return { code: thrown.code, stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.argv = argv;
    globalThis.console = console;
  }
}
