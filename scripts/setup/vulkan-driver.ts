import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { type ProbedAdapter, probeAdapter } from './adapter-probe.ts';
import { type AptSystem, addDebianSuite, aptInstall, readAptSystem } from './apt.ts';
import { chromiumCandidates, ensureChromium } from './chromium.ts';

/** The graphics driver that Dawn will use in Node. */
export interface VulkanDriver extends ProbedAdapter {
  /** The value for VK_ICD_FILENAMES, or null where Dawn finds its adapter without help. */
  readonly icdFile: string | null;
}

const ICD_FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** Looks for a driver: a real GPU, else lavapipe, else the SwiftShader beside a Chromium. Null where there is none. */
export async function findVulkanDriver(): Promise<VulkanDriver | null> {
  const unaided = await probeAdapter();
  if (unaided && !unaided.software) return { ...unaided, icdFile: null };
  if (process.platform === 'linux' && !process.env.VK_ICD_FILENAMES && !process.env.VK_DRIVER_FILES) {
    const driver = (await firstThatStarts(lavapipeFiles())) ?? (await firstThatStarts(await swiftShaderFiles()));
    if (driver) return driver;
  }
  return unaided && { ...unaided, icdFile: null };
}

async function firstThatStarts(icdFiles: readonly string[]): Promise<VulkanDriver | null> {
  for (const icdFile of icdFiles) {
    const adapter = await probeAdapter({ VK_ICD_FILENAMES: icdFile });
    if (adapter) return { ...adapter, icdFile };
  }
  return null;
}

/**
 * Points this process and its children at a driver for WebGPU, which is set up where there is none.
 *
 * Call it before `webgpu` is imported: Dawn reads VK_ICD_FILENAMES when it loads. Hears and throws as `provideVulkanDriver`.
 */
export async function ensureVulkanDriver(say: (line: string) => void): Promise<VulkanDriver> {
  const driver = await provideVulkanDriver(say);
  if (driver.icdFile !== null) process.env.VK_ICD_FILENAMES = driver.icdFile;
  return driver;
}

/**
 * Finds a driver for WebGPU in Node, and sets one up where there is none. `say` hears which packages are installed, and
 * that the driver is a software one. Throws `gpu-unavailable` with the one command to run.
 */
export async function provideVulkanDriver(say: (line: string) => void): Promise<VulkanDriver> {
  refuseMissingDawn();
  let driver = await findVulkanDriver();
  const system = readAptSystem();
  if (driver === null) driver = await setUpDriver(system, say);
  // Five to nine times as fast as SwiftShader.
  else if (system?.root && isSwiftShader(driver)) driver = (await addLavapipe(system, say)) ?? driver;
  if (driver.software) say(`No GPU was found: computing in software, on the processor (${driver.name}).`);
  return driver;
}

function refuseMissingDawn(): void {
  try {
    import.meta.resolve('webgpu');
  } catch (cause) {
    throw new StudioError(
      'gpu-unavailable',
      'The optional package "webgpu" (Dawn) is not installed; expected it for WebGPU in Node. Run: npm ci --include=optional',
      {},
      { cause },
    );
  }
}

async function setUpDriver(system: AptSystem | null, say: (line: string) => void): Promise<VulkanDriver> {
  if (system?.root) {
    const lavapipe = await addLavapipe(system, say);
    if (lavapipe) return lavapipe;
  }
  let reason = '';
  if (process.platform === 'linux') {
    try {
      await ensureChromium(say);
    } catch {
      // One that does not start may have a SwiftShader that does; if not, the sentence below says what to run.
    }
    const besideBrowser = await findVulkanDriver();
    if (besideBrowser) return besideBrowser;
  }
  if (system?.root) {
    const failure = await aptInstall(['libvulkan1'], say);
    const driver = await findVulkanDriver();
    if (driver) return driver;
    if (failure !== null) reason = ` (${failure})`;
  }
  throw new StudioError(
    'gpu-unavailable',
    `No graphics driver for WebGPU was found, nor could one be installed${reason}; expected a GPU, or a software Vulkan driver. ${adviceFor(system)}`,
  );
}

/** Installs Mesa's lavapipe, from the backports where the release's own is too old to start. Null where that fails. */
async function addLavapipe(system: AptSystem, say: (line: string) => void): Promise<VulkanDriver | null> {
  let suite: string | undefined;
  if (!hasCurrentMesa(system)) {
    suite = 'bookworm-backports';
    say(`Adding the suite ${suite} to apt's sources, for a Mesa that is new enough.`);
    addDebianSuite(suite);
  }
  const failure = (await aptInstall(['libvulkan1'], say)) ?? (await aptInstall(['mesa-vulkan-drivers'], say, suite));
  if (failure !== null) {
    say(`lavapipe could not be installed (${failure}).`);
    return null;
  }
  return findVulkanDriver();
}

function hasCurrentMesa(system: AptSystem): boolean {
  return system.codename !== 'bookworm';
}

function adviceFor(system: AptSystem | null): string {
  if (process.platform !== 'linux') return 'Update the graphics driver.';
  if (system === null) return "Install your distribution's Vulkan loader and Mesa's Vulkan drivers (lavapipe).";
  return `Run: sudo apt-get install -y libvulkan1 ${hasCurrentMesa(system) ? 'mesa-vulkan-drivers' : 'chromium'}`;
}

function isSwiftShader(driver: VulkanDriver): boolean {
  return /swiftshader/i.test(driver.name);
}

function lavapipeFiles(): readonly string[] {
  return ICD_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^lvp_icd.*\.json$/.test(name))
      .map((name) => join(folder, name)),
  );
}

/** SwiftShader lies beside the browser's real executable, which a script on PATH may only point to. */
async function swiftShaderFiles(): Promise<readonly string[]> {
  const folders = (await chromiumCandidates()).map((executable) => dirname(realpathSync(executable)));
  return [...new Set([...folders, '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'])]
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .filter((file) => existsSync(file));
}
