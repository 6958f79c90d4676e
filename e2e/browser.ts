import type { LaunchOptions } from 'playwright/test';

export const PORT = Number(process.env.DETRAIN_E2E_PORT ?? 4179);

/** A path of its own, so that every test shows that the studio works under any. */
export const BASE_URL = `http://localhost:${PORT}/some/path/`;

const executablePath = process.env.DETRAIN_CHROMIUM;

/**
 * The full browser with WebGPU on SwiftShader, so that it runs without a graphics card; `DETRAIN_CHROMIUM` names its
 * executable, else Playwright's own is taken. Nothing asks the network for anything of its own accord.
 */
export const launchOptions: LaunchOptions = {
  ...(executablePath === undefined ? { channel: 'chromium' } : { executablePath }),
  // Playwright's own headless mode may take the headless shell, which has no WebGPU.
  headless: false,
  args: [
    '--headless=new',
    '--no-sandbox',
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};
