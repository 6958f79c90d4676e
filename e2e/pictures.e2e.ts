import sharp from 'sharp';
import { drop, fileOf } from './files.ts';
import { expect, test, violations } from './studio.ts';

/** A plain picture of that hue. */
async function picture(name: string, hue: number, edge = 120) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="90"><rect width="100%" height="100%" fill="hsl(${hue} 60% 50%)"/></svg>`;
  return fileOf(name, await sharp(Buffer.from(svg)).png().toBuffer());
}

test('pictures without labels become a set, get classes, and the set goes back to a version', async ({ page }) => {
  await page.goto('#/data');
  await page.locator('.set').first().waitFor();
  const first = await picture('p1.png', 10);
  await drop(page, [
    first,
    await picture('p2.png', 120),
    fileOf('broken.png', (await picture('x', 3)).buffer.subarray(0, 60)),
  ]);
  const dialog = page.getByRole('dialog', { name: 'Pictures without labels' });
  await expect(dialog).toContainText('3 pictures');
  await dialog.getByLabel('Name of the new set').fill('shelf');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make the set' }).click();
  const note = page.locator('.new-pictures-note');
  await expect(note).toContainText('2 pictures added to "shelf". 1 picture could not be read. broken.png:');
  await expect(note.getByRole('link', { name: 'Label them' })).toHaveAttribute('href', /^#\/label\?set=.+&picture=p1$/);
  const set = page.locator('.set[aria-current="true"]');
  await expect(set).toContainText('2 images');
  await note.getByRole('button', { name: 'Dismiss' }).click();

  await test.step('it cannot be trained on yet', async () => {
    await page.getByRole('button', { name: 'Train on this' }).click();
    await expect(page.locator('main')).toContainText('label some of its pictures, or choose another set');
    await page.goto('#/data');
  });

  await test.step('others join it, and none is in it twice', async () => {
    await drop(page, [first, await picture('p1.png', 200)]);
    await dialog.getByLabel('Put them in').selectOption({ label: 'shelf' });
    await dialog.getByRole('button', { name: 'Add 2 pictures' }).click();
    await expect(note).toContainText('1 picture added to "shelf". 1 picture was left out as already there.');
    await expect(set).toContainText('3 images');
  });

  await test.step('classes are added, renamed, merged and undone', async () => {
    await page.getByRole('tab', { name: 'Classes' }).click();
    const field = page.getByLabel('Name of a new class');
    for (const name of ['cup', 'Cup', 'jug']) {
      await field.fill(name);
      await field.press('Enter');
      await expect(page.getByRole('row', { name: new RegExp(`^Choose ${name} `) })).toContainText('no box');
    }
    await field.fill('jug');
    await field.press('Enter');
    await expect(page.getByRole('alert')).toContainText('There is a class "jug" already');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Call them all "cup"', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
    await expect(page.getByRole('status')).toContainText(['Version 6: "Cup" merged into "cup"']);
    await page.getByRole('button', { name: 'Rename jug' }).click();
    await page.getByLabel('New name').fill('cup');
    await expect(page.getByRole('dialog')).toContainText('There is a class "cup" already');
    await page.getByLabel('New name').fill('carafe');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await expect(page.getByRole('rowheader', { name: 'carafe' })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('rowheader', { name: 'jug' })).toBeVisible();
  });

  await test.step('a class is given another colour, which it has wherever it is drawn', async () => {
    const swatch = page.getByRole('button', { name: 'Colour of jug' });
    await swatch.click();
    await expect(page.getByRole('dialog', { name: 'Colour of jug' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'yellow' }).click();
    const yellow = 'rgb(240, 228, 66)';
    await expect(swatch).toHaveCSS('background-color', yellow);
    await page.reload();
    await page.getByRole('button', { name: /^shelf/ }).click();
    await page.getByRole('tab', { name: 'Pictures' }).click();
    await expect(page.locator('.tag', { hasText: 'jug' }).locator('i')).toHaveCSS('background-color', yellow);
    await page.getByRole('tab', { name: 'Classes' }).click();
    await swatch.click();
    await page.getByRole('button', { name: 'As its place in the list has it' }).click();
    await expect(swatch).not.toHaveCSS('background-color', yellow);
  });

  await test.step('the versions are listed, compared and gone back to', async () => {
    await page.getByRole('tab', { name: 'Versions' }).click();
    const versions = page.getByRole('list', { name: 'Versions of shelf, the newest first' }).getByRole('listitem');
    await expect(versions).toHaveCount(8);
    await expect(versions.nth(6)).toContainText('1 picture added');
    await versions.last().getByRole('button', { name: 'Compare with now' }).click();
    const compared = page.getByRole('region', { name: 'From version 1 to now' });
    await expect(compared.getByRole('button', { name: 'p1-2: open' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('To', { exact: true }).selectOption('2');
    await expect(page.getByRole('region', { name: 'From version 1 to version 2' })).toContainText('1 image added');
    await versions.last().getByRole('button', { name: 'Go back to it' }).click();
    await expect(set).toContainText('2 images');
    await page.getByRole('button', { name: 'Forget all but the newest' }).click();
    await page.getByRole('button', { name: 'Forget them' }).click();
    await expect(versions).toHaveCount(1);
    await expect(page.locator('.versions')).toContainText('were freed');
  });
});

test('a picture that is pasted in Data is offered as a set; in Predict it is predicted', async ({ page }) => {
  const paste = async (): Promise<void> => {
    const bytes = [...(await picture('image.png', 50)).buffer];
    await page.evaluate((given) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(given)], 'image.png', { type: 'image/png' }));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    }, bytes);
  };
  await page.goto('#/data');
  await page.locator('.set').first().waitFor();
  await paste();
  const dialog = page.getByRole('dialog', { name: 'Pictures without labels' });
  await expect(dialog).toContainText('1 picture,');
  await dialog.getByRole('button', { name: 'Leave them' }).click();
  await expect(page.locator('.set')).toHaveCount(1);
  await page.goto('#/predict');
  await paste();
  await expect(page.locator('main')).toContainText('image.png');
  await expect(dialog).toBeHidden();
});

test('frames of a video become a set; what is no video is told', async ({ page }) => {
  await page.goto('#/data');
  await page.locator('.set').first().waitFor();
  const video = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [160, 120];
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const ended = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    for (let i = 0; i < 30; i += 1) {
      if (context !== null) context.fillStyle = `hsl(${i * 12} 70% 50%)`;
      context?.fillRect(0, 0, 160, 120);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await drop(page, [fileOf('clip.webm', new Uint8Array(video))]);
  const dialog = page.getByRole('dialog', { name: 'Frames of clip.webm' });
  await dialog.getByLabel('Seconds between two pictures').fill('0.5');
  await dialog.getByRole('button', { name: 'Take one every' }).click();
  await expect(dialog.getByRole('status')).toContainText(/^[345] frames taken/, { timeout: 30_000 });
  await dialog.press('f');
  await expect(dialog.getByRole('status')).toContainText(/^[456] frames taken/);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Make the set' }).click();
  await expect(page.locator('.set[aria-current="true"]')).toContainText(/[345] images/);

  const nonsense = new Uint8Array(4000).fill(7);
  nonsense.set([0x1a, 0x45, 0xdf, 0xa3]);
  await drop(page, [fileOf('bad.webm', nonsense)]);
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('This browser cannot decode "bad.webm"');
});
