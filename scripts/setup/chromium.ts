import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { aptInstall, readAptSystem } from './apt.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { runQuietly } from './run-quietly.ts';

const NAMES_ON_PATH = ['google-chrome', 'google-chrome-stable', 'chrome', 'chromium', 'chromium-browser'];
const FIXED_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];
const PLAYWRIGHT_CLI = join(PROJECT_ROOT, 'node_modules/playwright/cli.js');

/** Where a Chromium may be: DETRAIN_CHROMIUM, Playwright's own, Chrome, Chromium; the ones that exist, best first. */
export async function chromiumCandidates(environment: NodeJS.ProcessEnv = process.env): Promise<readonly string[]> {
  const named = environment.DETRAIN_CHROMIUM;
  if (named) return [named];
  const { chromium } = await import('playwright');
  const onPath = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const places = [
    chromium.executablePath(),
    ...NAMES_ON_PATH.flatMap((name) => onPath.map((folder) => join(folder, name))),
    ...FIXED_PLACES,
  ];
  return [...new Set(places)].filter((place) => existsSync(place) && isExecutable(place));
}

/** The first Chromium that starts, or null. Throws `not-found` where DETRAIN_CHROMIUM names one that does not. */
export async function findChromium(): Promise<string | null> {
  for (const candidate of await chromiumCandidates()) {
    if (await starts(candidate)) return candidate;
  }
  const named = process.env.DETRAIN_CHROMIUM;
  if (named) {
    throw new StudioError(
      'not-found',
      `DETRAIN_CHROMIUM is ${named}, which does not start; expected the executable of a Chromium. Correct it, or unset it to have one looked for.`,
    );
  }
  return null;
}

/**
 * Finds a Chromium, and where there is none sets one up: Playwright's own download, or apt as root on Debian or Ubuntu.
 *
 * Throws `not-found` with the one command to run where neither is possible.
 */
export async function ensureChromium(say: (line: string) => void): Promise<string> {
  const found = await findChromium();
  if (found) return found;
  const system = readAptSystem();
  if (await downloadPlaywrightChromium(say)) {
    const downloaded = await findChromium();
    if (downloaded) return downloaded;
    if (system?.root) {
      say('Installing the libraries that this Chromium needs (playwright install-deps chromium).');
      await runQuietly(process.execPath, [PLAYWRIGHT_CLI, 'install-deps', 'chromium'], { timeoutMs: 900_000 });
      const completed = await findChromium();
      if (completed) return completed;
    }
  }
  let reason = '';
  if (system?.root) {
    const failure = await aptInstall(['chromium', 'libvulkan1'], say);
    const installed = failure === null ? await findChromium() : null;
    if (installed) return installed;
    reason = failure === null ? ' (the package has no browser that starts)' : ` (${failure})`;
  }
  throw new StudioError(
    'not-found',
    `No Chromium was found, nor could one be installed${reason}. Run: ${adviceFor(system)}`,
  );
}

function adviceFor(system: ReturnType<typeof readAptSystem>): string {
  if (system?.distribution === 'debian') return 'sudo apt-get install -y chromium libvulkan1';
  if (system) return 'sudo npx playwright install --with-deps --no-shell chromium';
  return 'npx playwright install --no-shell chromium (or install Chrome)';
}

async function downloadPlaywrightChromium(say: (line: string) => void): Promise<boolean> {
  say("Downloading Playwright's Chromium.");
  const { code } = await runQuietly(process.execPath, [PLAYWRIGHT_CLI, 'install', '--no-shell', 'chromium'], {
    timeoutMs: 300_000,
    silenceMs: 20_000,
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000' },
  });
  if (code !== 0) say('It can not be downloaded from here.');
  return code === 0;
}

async function starts(executable: string): Promise<boolean> {
  if (process.platform === 'win32') return true; // `chrome.exe --version` opens a window there
  const { code } = await runQuietly(executable, ['--version'], { timeoutMs: 20_000 });
  return code === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
