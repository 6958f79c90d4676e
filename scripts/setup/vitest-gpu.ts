import { findVulkanDriver } from './vulkan-driver.ts';

/** Before the GPU tests: points their processes at a driver, so that Vitest can be started by itself, too. It installs nothing. */
export async function setup(): Promise<void> {
  if (process.env.VK_ICD_FILENAMES) return;
  const driver = await findVulkanDriver();
  if (driver?.icdFile) process.env.VK_ICD_FILENAMES = driver.icdFile;
}
