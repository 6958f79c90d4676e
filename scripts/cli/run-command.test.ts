import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { PROJECT_ROOT } from '../setup/project-root.ts';

vi.setConfig({ testTimeout: 60_000 }); // each test starts a process, on a machine that may be busy

const COMMAND = ['--import', 'tsx', 'scripts/cli/test-command.ts'];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  args: readonly string[],
  whileItRuns?: (child: ChildProcess, stderr: string) => void,
  stdoutTo: 'pipe' | number = 'pipe',
): Promise<Ended> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, [...COMMAND, ...args], {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', stdoutTo, 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
      whileItRuns?.(child, stderr);
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

test.concurrent('exit 0, text for people on standard output, notices on standard error', async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'a notice\n' });
  expect(stdout).toBe('for people\na chatty library\n');
});

test.concurrent('--json prints one document on standard output and nothing else there', async () => {
  const { code, stdout, stderr } = await run(['--json', '--steps', '3']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ steps: 3, broken: null });
  expect(stderr).toBe('a notice\na chatty library\n');
});

test.concurrent('a failure exits 1 with its message on one line, and no stack trace', async () => {
  const { code, stderr } = await run(['fail']);
  expect(code).toBe(1);
  expect(stderr).toBe('a notice\nFound 3 bytes; expected a header. Download it again.\n');
});

test.concurrent('a defect of ours exits 1 with one line that says so', async () => {
  const { code, stderr } = await run(['bug', '--json']);
  expect(code).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toBe(
    'Something went wrong inside Detrain: x is not a function. Set DETRAIN_DEBUG=1 to see where, and report it.',
  );
  expect(stderr).not.toContain(' at ');
});

test.concurrent('a failure that was printed already exits 1', async () => {
  expect((await run(['marked'])).code).toBe(1);
});

test.concurrent.each([
  [['--steps', '-5'], '--steps -5: expected a whole number from 1 to 10. See: npm run try -- --help\n'],
  [['--stepz', '5'], "unknown option '--stepz' (Did you mean --steps?) See: npm run try -- --help\n"],
  [['--steps'], "option '--steps <n>' argument missing. See: npm run try -- --help\n"],
  [['a', 'b'], 'too many arguments. Expected 1 argument but got 2. See: npm run try -- --help\n'],
])('%j exits 2 with one line', async (args, line) => {
  expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: line });
});

test.concurrent('--help exits 0 and lists the options', async () => {
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run try -- \[options\] \[what\]/);
  expect(stdout).toContain('--steps <n>');
});

test.concurrent('the first Ctrl-C stops cleanly, the second at once', async () => {
  const once = await run(['wait'], (child, stderr) => {
    if (stderr.endsWith('waiting\n')) child.kill('SIGINT');
  });
  expect(once.code).toBe(1);
  expect(once.stderr).toContain('Stopping. Press Ctrl-C again to end at once.\nStopped on request.\n');
  const twice = await run(['deaf'], (child, stderr) => {
    if (stderr.endsWith('waiting\n')) child.kill('SIGINT');
    if (stderr.endsWith('at once.\n')) setTimeout(() => child.kill('SIGINT'), 600);
  });
  expect(twice.code).toBe(130);
});

test.concurrent.each(['SIGTERM', 'SIGHUP'] as const)('%s stops cleanly, as Ctrl-C does', async (signal) => {
  const { code, stderr } = await run(['wait'], (child, said) => {
    if (said.endsWith('waiting\n')) child.kill(signal);
  });
  expect(code).toBe(1);
  expect(stderr).toContain('Stopping. Press Ctrl-C again to end at once.\nStopped on request.\n');
});

test.concurrent('a reader that goes away is no error', async () => {
  const ended = await run(['lines'], (child) => child.stdout?.destroy());
  expect(ended).toMatchObject({ code: 0, stderr: 'a notice\n' });
});

test.concurrent('without a reader of standard output a command stops, and keeps what is done', async () => {
  const ended = await run(['feed'], (child) => child.stdout?.destroy());
  expect(ended).toMatchObject({ code: 0, stderr: 'a notice\nkept what was done\n' });
});

test.concurrent('without a reader of standard error a command goes on', async () => {
  const { code, stdout } = await run(['notices', '--json', '--steps', '3'], (child) => child.stderr?.destroy());
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ steps: 3, broken: null });
});

const FULL = '/dev/full';
test.skipIf(!existsSync(FULL))(`output that can't be written is one line, and status 1 (needs ${FULL})`, async () => {
  const full = openSync(FULL, 'w');
  const { code, stderr } = await run(['feed'], undefined, full);
  closeSync(full);
  expect(stderr).toMatch(
    /^a notice\nStandard output can't be written \(ENOSPC.*\)\. Free some space, or send it elsewhere\.\nkept what was done\n$/,
  );
  expect(code).toBe(1);
});
