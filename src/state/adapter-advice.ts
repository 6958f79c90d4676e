import { type AdapterInfo, adapterName, isSoftwareAdapter } from '../base/adapter-name.ts';

/**
 * What to do about an adapter that computes on the processor, or that looks like the weaker one of two: on Windows browsers
 * take the graphics built into the processor whatever a page asks for. Null where nothing is to be done. `platform` is
 * `navigator.platform` or a user agent.
 */
export function adapterAdvice(info: AdapterInfo, platform: string): string | null {
  if (isSoftwareAdapter(info)) {
    return 'It computes on the processor: everything works, slowly. With a graphics card in this computer, turn on hardware acceleration in the browser and update the driver.';
  }
  if (!/win/i.test(platform) || /darwin/i.test(platform)) return null;
  const text = `${adapterName(info)} ${info.vendor} ${info.architecture}`;
  const isBuiltIn =
    (/intel/i.test(text) && !/arc|xe-hpg|xe2-hpg/i.test(text)) || /radeon\(tm\) graphics|vega/i.test(text);
  if (!isBuiltIn) return null;
  return 'This looks like the graphics built into the processor. With a second graphics card in this computer: in Windows, Settings > System > Display > Graphics, add this browser, choose "High performance", and start it again.';
}
