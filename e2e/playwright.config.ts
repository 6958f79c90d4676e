import { defineConfig } from 'playwright/test';
import { BASE_URL, launchOptions, PORT } from './browser.ts';

/** Those that train take minutes, and begin first, so that none of them is left to run by itself at the end. */
const LONG = /(whole-way|killed|train)\.e2e\.ts$/;
/** Development servers share one cache of what they have bundled: one of them at a time. */
const DEVELOPMENT = /(logits|lost-device|offered)\.e2e\.ts$/;
/** Watches the clock of the page, which others must not hold up. */
const TIMED = /long-run\.e2e\.ts$/;

/** One built studio, served as a static host would under some path, in one real browser with a real WebGPU device. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../test-results',
  // The device is software on most machines that run this, and compiles on one core: two at once, and no more.
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'development', testMatch: DEVELOPMENT, workers: 1 },
    { name: 'built', testIgnore: [LONG, DEVELOPMENT, TIMED] },
    { name: 'timed', testMatch: TIMED, dependencies: ['long', 'development', 'built'], workers: 1 },
  ],
  // A software device compiles some hundred shaders before the first answer.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: 'list',
  use: {
    baseURL: BASE_URL,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // What a test takes away on the way must be missed, and not come from what was kept; offline use has its own test.
    serviceWorkers: 'block',
    launchOptions,
  },
  webServer: {
    command: `npx vite build && npx vite preview --strictPort --port ${PORT} --base ${new URL(BASE_URL).pathname}`,
    cwd: '..',
    url: BASE_URL,
    // What this computer happens to have is offered to no test.
    env: { DETRAIN_PROCESSED: 'test-results/no-sets' },
    timeout: 120_000,
  },
});
