import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { bundled, drop, fileOf } from './files.ts';
import { readGolden } from './golden.ts';
import { expect, test, violations } from './studio.ts';

async function moveThreshold(page: Page, to: 'Home' | 'End'): Promise<void> {
  await page.getByRole('slider', { name: 'Threshold' }).focus();
  await page.keyboard.press(to);
}

interface Printed {
  readonly width: number;
  readonly height: number;
  readonly detections: readonly {
    readonly label: string;
    readonly score: number;
    readonly box: Readonly<Record<'xmin' | 'ymin' | 'xmax' | 'ymax', number>>;
  }[];
}

/** A header that promises 36 bytes, and 20 of them. */
function cutWeights(): Buffer {
  const header = Buffer.from('{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(20)]);
}

test('pictures get the reference boxes, the threshold filters at once, and what is no picture is told so', async ({
  page,
}) => {
  // One page for all of it: a software device takes its time to compile, once a page.
  await page.goto('#/train');
  const scene = await readFile(bundled('sample/pictures/2026_000003.jpg'));
  await drop(page, [fileOf('scene.jpg', scene)]);
  await expect(page).toHaveURL(/#\/predict$/);
  const found = page.getByRole('complementary', { name: 'What was found' });
  const rows = found.locator('tbody tr');

  await test.step('boxes are listed and drawn', async () => {
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(0)).toContainText('cat');
    await expect(rows.nth(1)).toContainText('airplane');
    await expect(rows.nth(2)).toContainText('car');
    await expect(page.getByRole('img', { name: 'scene.jpg: found cat, airplane, car' })).toBeVisible();
    await expect(found).toContainText(/[\d.]+ m?s on .*, weights/);
    expect(await violations(page)).toEqual([]);
  });

  await test.step('arrow keys light up one box', async () => {
    await rows.nth(0).getByRole('button').focus();
    await page.keyboard.press('ArrowDown');
    await expect(rows.nth(1)).toHaveAttribute('data-on', 'true');
    await page.keyboard.press('Home');
    await expect(rows.nth(0)).toHaveAttribute('data-on', 'true');
  });

  await test.step('the threshold filters without asking the model', async () => {
    await moveThreshold(page, 'End');
    await expect(found).toContainText('Nothing above the threshold. The best is cat with 1.00');
    await moveThreshold(page, 'Home');
    expect(await rows.count()).toBeGreaterThan(3);
  });

  await test.step('no label covers another', async () => {
    const labels = await page.locator('.overlay text').evaluateAll((texts) =>
      texts.map((text) => {
        const { left, top, right, bottom } = text.previousElementSibling?.getBoundingClientRect() ?? new DOMRect();
        return { left, top, right, bottom };
      }),
    );
    expect(labels.length).toBeGreaterThan(2);
    for (const [i, a] of labels.entries()) {
      for (const b of labels.slice(i + 1)) {
        expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
      }
    }
  });

  await test.step('what is neither picture nor usable weights is told so', async () => {
    await drop(page, [fileOf('photo.jpg', '<!doctype html><title>Not found</title>')]);
    await expect(page.getByRole('alert')).toContainText('"photo.jpg" holds an HTML page, though it is named .jpg');
    await drop(page, [fileOf('cut.safetensors', cutWeights())]);
    await expect(page.getByRole('alert')).toContainText('These weights were not loaded');
    await drop(page, [fileOf('torn.jpg', scene.subarray(0, 900))]);
    await expect(page.getByRole('alert').filter({ hasText: 'torn.jpg' })).toContainText('could not be predicted');
  });

  await test.step('scores and boxes are those of the reference, within 1e-3, from the JPEG files', async () => {
    for (const { name, top5, original_size_hw } of await readGolden()) {
      await page.getByLabel('Add images').setInputFiles(bundled(`sample/pictures/${name}.jpg`));
      await expect(page.getByRole('img', { name: new RegExp(`^${name}.jpg: found`) })).toBeVisible();
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download JSON' }).click();
      const text = await readFile(await (await downloading).path(), 'utf8');
      const printed = (JSON.parse(text) as Printed[])[0];
      expect([printed?.height, printed?.width]).toEqual(original_size_hw);
      for (const [rank, expected] of top5.entries()) {
        const got = printed?.detections[rank];
        expect(got?.label).toBe(expected.label);
        expect(Math.abs((got?.score ?? 0) - expected.score)).toBeLessThan(1e-3);
        const { xmin = 0, ymin = 0, xmax = 0, ymax = 0 } = got?.box ?? {};
        const [h, w] = original_size_hw;
        const box = [(xmin + xmax) / 2 / w, (ymin + ymax) / 2 / h, (xmax - xmin) / w, (ymax - ymin) / h];
        for (const [edge, value] of box.entries()) {
          expect(Math.abs(value - (expected.cxcywh[edge] ?? Number.NaN))).toBeLessThan(1e-3);
        }
      }
    }
  });
});
