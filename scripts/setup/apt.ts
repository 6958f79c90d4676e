import { readFileSync, writeFileSync } from 'node:fs';
import { runQuietly } from './run-quietly.ts';

/** A Debian or Ubuntu machine, as /etc/os-release tells it. */
export interface AptSystem {
  readonly distribution: 'debian' | 'ubuntu';
  /** Such as "bookworm" or "noble". */
  readonly codename: string;
  /** True where packages may be installed without a password. */
  readonly root: boolean;
}

/** Reads which apt system this is; null on any other. */
export function readAptSystem(osRelease = readOsRelease(), userId = process.getuid?.()): AptSystem | null {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  const ids = [field('ID'), ...field('ID_LIKE').split(' ')];
  const distribution = (['ubuntu', 'debian'] as const).find((id) => ids.includes(id));
  if (distribution === undefined) return null;
  return { distribution, codename: field('VERSION_CODENAME'), root: userId === 0 };
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return ''; // not Linux, or one without the file: no apt either way
  }
}

const APT_ENVIRONMENT = { DEBIAN_FRONTEND: 'noninteractive' };
const APT_OPTIONS = ['-q', '-y', '-o', 'Acquire::Retries=3', '-o', 'Dpkg::Use-Pty=0'];
/** dpkg waits for the disk after each file; a machine that is thrown away after the tests need not. */
const UNSAFE_IO = process.env.CI ? ['-o', 'Dpkg::Options::=--force-unsafe-io'] : [];
let listsAreFresh = false;

/** Installs packages as root, naming each; `suite` takes them from that suite. Returns null, or the reason why it failed. */
export async function aptInstall(
  packages: readonly string[],
  say: (line: string) => void,
  suite?: string,
): Promise<string | null> {
  say(`Installing with apt${suite ? ` from ${suite}` : ''}: ${packages.join(', ')}`);
  if (!listsAreFresh) {
    const updated = await apt(['update']);
    if (updated !== null) return updated;
    listsAreFresh = true;
  }
  return apt(['install', '--no-install-recommends', ...(suite ? ['-t', suite] : []), ...packages]);
}

/** Adds a suite of the mirror that the machine uses already, in a file of its own. */
export function addDebianSuite(suite: string): void {
  const file = `/etc/apt/sources.list.d/${suite}.sources`;
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const lines = [
    'Types: deb',
    `URIs: ${debianMirror()}`,
    `Suites: ${suite}`,
    'Components: main',
    `Signed-By: ${keyring}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  listsAreFresh = false;
}

function debianMirror(): string {
  for (const file of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    try {
      const found = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(https?:\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
      if (found) return found;
    } catch {
      // the other file, or the default
    }
  }
  return 'http://deb.debian.org/debian';
}

async function apt(args: readonly string[]): Promise<string | null> {
  const { code, stdout, stderr } = await runQuietly('apt-get', [...APT_OPTIONS, ...UNSAFE_IO, ...args], {
    timeoutMs: 900_000,
    env: APT_ENVIRONMENT,
  });
  if (code === 0) return null;
  const errors = `${stderr}\n${stdout}`.split('\n').filter((line) => /^(E|Err|W):/.test(line));
  return errors[0] ?? `apt-get ${args[0]} ended with status ${code ?? 'none (time ran out, or it is not there)'}`;
}
