import { nodeGpu } from '../../src/platform/node/device.ts';
import { createGpuSession, type GpuSession } from '../../src/tf/index.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { ensureVulkanDriver } from '../setup/vulkan-driver.ts';

/** The device for a command: a GPU, or a software driver, which is said and set up where it is missing. */
export async function openGpu(context: CommandContext): Promise<GpuSession> {
  await ensureVulkanDriver((line) => context.say(line));
  const session = await createGpuSession(await nodeGpu());
  if (!session.adapter.software) context.say(`Computing on ${session.adapter.name}.`);
  return session;
}
