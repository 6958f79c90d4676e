import { fileURLToPath } from 'node:url';

const CONFIG = fileURLToPath(new URL('fonts.conf', import.meta.url));

/**
 * Lets sharp find a font on Linux machines that have none of their own. To be called before anything with letters is
 * drawn: fontconfig reads its settings once. What the user has set stays.
 */
export function offerFonts(): void {
  if (process.platform !== 'linux' || process.env.FONTCONFIG_FILE || process.env.FONTCONFIG_PATH) return;
  process.env.FONTCONFIG_FILE = CONFIG;
}
