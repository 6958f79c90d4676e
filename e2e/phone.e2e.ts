import { readFile } from 'node:fs/promises';
import { chromium, type Page } from 'playwright/test';
import { BASE_URL, launchOptions } from './browser.ts';
import { bundled } from './files.ts';
import { fileIn, test } from './own-browser.ts';
import { expect, violations } from './studio.ts';

/** A telephone in portrait whose camera sees one of the sample's scenes. */
async function onPhone(folder: string, work: (page: Page) => Promise<void>): Promise<void> {
  const scene = await readFile(bundled('sample/pictures/2026_000003.jpg'));
  const film = await fileIn(folder, 'scene.mjpeg', Buffer.concat(Array.from({ length: 30 }, () => scene)));
  const browser = await chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions.args ?? []),
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
  });
  try {
    const context = await browser.newContext({
      baseURL: BASE_URL,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      permissions: ['camera'],
      serviceWorkers: 'block',
    });
    await work(await context.newPage());
  } finally {
    await browser.close();
  }
}

test('on a telephone the camera is predicted, and its pictures are labelled with a finger', async ({
  folder,
}, info) => {
  await onPhone(folder, async (page) => {
    const look = async (name: string): Promise<void> => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await page.screenshot({ path: info.outputPath(`${name}.png`) });
    };
    await test.step('from the camera to boxes', async () => {
      await page.goto('#/predict');
      await page.getByRole('button', { name: 'Use the camera' }).tap();
      const dialog = page.getByRole('dialog', { name: 'Use the camera' });
      await dialog.getByRole('button', { name: 'Take a picture' }).tap();
      await expect(dialog.getByRole('status')).toContainText('1 picture taken');
      await look('camera');
      await dialog.getByRole('button', { name: 'Done' }).tap();
      await expect(page.getByRole('img', { name: /^camera-1.jpg: found .*(cat|airplane|car)/ })).toBeVisible();
      await look('predicted');
    });
    await test.step('from the camera to a set, and to a box', async () => {
      await page.goto('#/data');
      await page.getByRole('button', { name: 'Other ways to import' }).tap();
      await page.getByRole('menuitem', { name: 'The camera' }).tap();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Take a picture' }).tap();
      await expect(dialog.getByRole('status')).toContainText('1 picture taken');
      await look('pictures from the camera');
      await dialog.getByRole('button', { name: 'Done' }).tap();
      await dialog.getByRole('button', { name: 'Make the set' }).tap();
      await page.getByRole('link', { name: 'Label them' }).tap();
      const picture = page.locator('.label-picture');
      await expect(picture.locator('img')).toBeVisible();
      const frame = await picture.boundingBox();
      if (frame === null) throw new Error('No picture is shown.');
      const cdp = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', part: number | null) =>
        cdp.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: part === null ? [] : [{ x: frame.x + frame.width * part, y: frame.y + frame.height * part }],
        });
      await touch('touchStart', 0.2);
      for (const part of [0.3, 0.4, 0.5, 0.6]) await touch('touchMove', part);
      await expect(page.locator('.label-magnifier')).toBeVisible();
      await look('a box under a finger');
      await touch('touchEnd', null);
      await expect(page.getByPlaceholder('Find or add')).toBeFocused();
      await page.keyboard.type('cat');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Boxes', exact: true }).tap();
      await expect(page.locator('.label-box-list li')).toHaveText([/^cat/]);
      await look('labelled');
    });
    await test.step('one picture with one box is trained on, without a figure', async () => {
      await page.getByRole('button', { name: 'Train on this' }).tap();
      await expect(page.getByText('1 image: 1 train, none in val to measure on, 1 class')).toBeVisible();
      await expect(page.getByLabel('Evaluate every')).toHaveValue('0');
      await page.getByLabel('Steps', { exact: true }).fill('2');
      await page.getByLabel('Image size').fill('64');
      await page.getByRole('button', { name: 'Start training' }).tap();
      await expect(page.getByRole('status').last()).toContainText('Finished');
      await look('trained');
    });
  });
});
