import type { Page } from 'playwright';
import { violations } from './studio.ts';

interface Look {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
  readonly axe: boolean;
}

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
/** Wide and light last: what follows goes on in it. Axe is slow, and has seen both widths and both themes by then. */
const LOOKS = [
  { viewport: NARROW, colorScheme: 'light', axe: true },
  { viewport: WIDE, colorScheme: 'dark', axe: true },
  { viewport: WIDE, colorScheme: 'light', axe: false },
] as const;
/** Until charts and rows have drawn themselves again. */
const SETTLED_MS = 350;

/** Takes pictures of states into a folder, asks axe about each, and keeps what went wrong for the end. */
export class PictureBook {
  readonly faults: string[] = [];
  readonly #out: string;
  readonly #wanted: RegExp;

  /** Only the parts whose names fit `wanted` are gone through. */
  constructor(out: string, wanted: RegExp) {
    this.#out = out;
    this.#wanted = wanted;
  }

  /** Does its work; where that fails, the rest still has its turn. */
  async part(name: string, work: () => Promise<void>): Promise<void> {
    if (!this.#wanted.test(name)) return;
    const began = performance.now();
    try {
      await work();
      process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n').slice(0, 6).join(' ') : String(error);
      this.faults.push(`${name} was not reached: ${reason}`);
      process.stderr.write(`${this.faults.at(-1)}\n`);
    }
  }

  /** The page in every look, as `name-theme-width.png`. */
  async take(page: Page, name: string): Promise<void> {
    for (const look of LOOKS) await this.#look(page, name, look);
  }

  /** What does not last as long as three pictures take: wide and light only. */
  async takeOne(page: Page, name: string): Promise<void> {
    await this.#look(page, name, { viewport: WIDE, colorScheme: 'light', axe: false });
  }

  async #look(page: Page, name: string, { viewport, colorScheme, axe }: Look): Promise<void> {
    const full = `${name}-${colorScheme}-${viewport.width}`;
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(SETTLED_MS);
    await page.screenshot({ path: `${this.#out}/${full}.png` });
    if (axe) for (const violation of await violations(page)) this.faults.push(`${full}: ${violation.slice(0, 400)}`);
    const tooWide = await page.evaluate(() => {
      const room = document.querySelector('main');
      return Math.max(
        document.documentElement.scrollWidth - document.documentElement.clientWidth,
        room === null ? 0 : room.scrollWidth - room.clientWidth,
      );
    });
    if (tooWide > 0) this.faults.push(`${full}: ${tooWide} px wider than the screen`);
  }
}
