import type { Locator, Page } from 'playwright/test';
import { openEditor } from './labelled-set.ts';
import { expect, test, violations } from './studio.ts';

const stage = (page: Page): Locator => page.getByRole('application');
/** The boxes of the picture, as the list at the side tells of them: class, and size in pixels. */
const boxes = (page: Page): Locator => page.locator('.label-box-list li');
const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });
const saved = (page: Page): Promise<void> => expect(page.getByText('All saved')).toBeVisible();

/** Where a point of the picture, in its pixels, stands on the page. */
async function onPage(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const picture = await page.locator('.label-picture').boundingBox();
  if (picture === null) throw new Error('No picture is shown.');
  const scale = picture.width / 320;
  return { x: picture.x + x * scale, y: picture.y + y * scale };
}

async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const [a, b] = [await onPage(page, ...from), await onPage(page, ...to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move(b.x, b.y, { steps: 4 });
  await page.mouse.up();
}

test('a mouse draws, moves and resizes; all of it is undone and done again over two pictures, and is there after a reload', async ({
  page,
}) => {
  await openEditor(page);
  await expect(page.getByRole('link', { name: 'Data' })).toHaveAttribute('aria-current', 'page');
  await expect(boxes(page)).toHaveText([/^cat\s*80 × 70/, /^dog\s*100 × 40/]);
  await expect(page.locator('.label-handle')).toHaveCount(0);

  await test.step('one drag and one key make a box of a class', async () => {
    await drag(page, [150, 120], [210, 200]);
    await page.keyboard.press('2');
    await expect(boxes(page).last()).toHaveText(/^dog\s*60 × 80/);
    await expect(page.locator('[aria-live=polite]').first()).toHaveText('1 box made dog, 3 boxes');
  });
  await test.step('a handle resizes it, and not past the edge; a drag inside moves it', async () => {
    await drag(page, [210, 200], [230, 210]);
    await expect(boxes(page).last()).toHaveText(/80 × 90/);
    await drag(page, [230, 165], [900, 165]);
    await expect(boxes(page).last()).toHaveText(/170 × 90/);
    await drag(page, [200, 160], [-300, -300]);
    await expect(boxes(page).last()).toHaveText(/170 × 90/);
    await page.keyboard.press('z');
  });
  await test.step('the next picture gets a box; undo goes back over both, and redo again', async () => {
    await page.keyboard.press('d');
    await expect(heading(page)).toContainText('picture-2');
    await expect(page.locator('.label-head')).toContainText('not labelled yet');
    await drag(page, [20, 20], [60, 60]);
    await expect(boxes(page)).toHaveText([/^dog\s*40 × 40/]);
    for (let i = 0; i < 6; i += 1) await page.keyboard.press('Control+z');
    await expect(heading(page)).toContainText('picture-1');
    await expect(boxes(page)).toHaveText([/^cat\s*80 × 70/, /^dog\s*100 × 40/]);
    await expect(page.locator('.label-head')).toContainText('3 not labelled yet');
    for (let i = 0; i < 6; i += 1) await page.keyboard.press('Control+Shift+z');
    await expect(heading(page)).toContainText('picture-2');
    await expect(boxes(page)).toHaveText([/^dog\s*40 × 40/]);
  });
  await saved(page);
  await expect(page).toHaveURL(/picture=picture-2/);
  await page.reload();
  await expect(heading(page)).toContainText('picture-2');
  await expect(boxes(page)).toHaveText([/^dog\s*40 × 40/]);
  await page.keyboard.press('a');
  await expect(boxes(page)).toHaveText([/^cat/, /^dog\s*100 × 40/, /^dog\s*170 × 90/]);

  await test.step('Back leads to the set, which has the boxes', async () => {
    await page.getByRole('link', { name: 'Back' }).click();
    await expect(page.getByRole('button', { name: 'picture-2, 1 box' })).toBeVisible();
  });
});

test('twenty boxes are drawn, moved and put into classes by the keyboard alone', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.press('f');
  await expect(heading(page)).toContainText('picture-2');
  const press = async (key: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
  };
  for (let n = 0; n < 20; n += 1) {
    await press('w');
    // Two rows of ten, each box 10 pixels beside the last one; the first of a row at the left edge.
    if (n === 0) await press('Alt+ArrowUp', 8);
    if (n % 10 === 0) await press('Alt+ArrowLeft', 8);
    if (n === 10) await press('Shift+ArrowDown', 2);
    if (n % 10 > 0) {
      await press('Shift+ArrowRight');
      await press('Shift+ArrowUp');
      await press('ArrowUp');
    }
    await press('Enter');
    await press('Shift+ArrowRight');
    await press('Shift+ArrowDown');
    await press('ArrowDown');
    await press('Enter');
    await press(n % 2 === 0 ? '1' : '2');
  }
  await expect(boxes(page)).toHaveCount(20);
  await expect(boxes(page).nth(0)).toHaveText(/^cat\s*10 × 11/);
  await expect(boxes(page).nth(1)).toHaveText(/^dog\s*10 × 11/);
  await page.keyboard.press('Alt+ArrowRight');
  await expect(boxes(page).nth(19)).toHaveText(/^dog\s*11 × 11/);

  await test.step('Tab goes through the boxes and then on, never caught', async () => {
    await page.keyboard.press('Escape');
    for (let i = 0; i < 20; i += 1) await page.keyboard.press('Tab');
    await expect(boxes(page).nth(19).getByRole('button')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Tab');
    await expect(stage(page)).not.toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(stage(page)).toBeFocused();
  });
  await test.step('a class is added by typing, and the box is of it', async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('c');
    await page.keyboard.type('zebra');
    await page.keyboard.press('Enter');
    await expect(stage(page)).toBeFocused();
    await expect(boxes(page).nth(0)).toHaveText(/^zebra/);
    await expect(page.getByRole('listbox', { name: 'Classes' }).getByRole('option')).toHaveText([
      /^cat/,
      /^dog/,
      /^zebra/,
    ]);
  });
  await saved(page);
  await page.reload();
  await expect(boxes(page)).toHaveCount(20);
  await expect(boxes(page).nth(0)).toHaveText(/^zebra/);
});

test('next not labelled goes from one to the next, marks tell reviewed from not yet, and the end is said', async ({
  page,
}) => {
  await openEditor(page);
  const current = page.locator('.label-cell[aria-current]');
  for (const id of ['picture-2', 'picture-4', 'picture-6']) {
    await page.keyboard.press('f');
    await expect(current).toHaveAccessibleName(`${id}, not labelled yet`);
  }
  await page.keyboard.press('e');
  await expect(current).toHaveAccessibleName('picture-6, reviewed, nothing here');
  await page.keyboard.press('d');
  await expect(page.locator('[aria-live=polite]').first()).toHaveText('This is the last picture');
  await page.keyboard.press('f');
  await expect(current).toHaveAccessibleName('picture-2, not labelled yet');
  await page.keyboard.press('a');
  await page.keyboard.press('d');
  // The boxes of the picture that was shown before.
  await page.keyboard.press('v');
  await expect(current).toHaveAccessibleName('picture-2, 2 boxes');
  await saved(page);
  await page.reload();
  await expect(page.locator('.label-head')).toContainText('1 not labelled yet');
});

test('a reload in the middle of a drag loses that drag and nothing else', async ({ page }) => {
  await openEditor(page);
  await drag(page, [150, 120], [210, 200]);
  const [a, b] = [await onPage(page, 20, 150), await onPage(page, 90, 210)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move(b.x, b.y, { steps: 3 });
  await expect(page.locator('.label-names')).toContainText('70 × 60');
  await page.reload();
  await expect(heading(page)).toContainText('picture-1');
  await expect(boxes(page)).toHaveText([/^cat/, /^dog/, /^cat\s*60 × 80/]);
  await page.mouse.up();
  await saved(page);
  await drag(page, [20, 150], [90, 210]);
  await expect(boxes(page)).toHaveCount(4);
});

test('a second tab only looks, says so, and edits once the first is closed', async ({ page, context }) => {
  await openEditor(page);
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByRole('note')).toContainText('Another tab of this browser edits this set');
  await drag(second, [150, 120], [210, 200]);
  await second.keyboard.press('w');
  await expect(boxes(second)).toHaveCount(2);
  await expect(second.getByRole('button', { name: 'New box' })).toBeDisabled();
  expect(await violations(second)).toEqual([]);
  await page.bringToFront();
  await drag(page, [150, 120], [210, 200]);
  await saved(page);
  await page.close();
  await second.bringToFront();
  await expect(second.getByText('All saved')).toBeVisible();
  await expect(boxes(second)).toHaveCount(3);
  await drag(second, [20, 150], [90, 210]);
  await expect(boxes(second)).toHaveCount(4);
});

test('fingers draw, resize, and with two of them enlarge, on a telephone', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  try {
    await openEditor(page);
    const cdp = await context.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
      cdp.send('Input.dispatchTouchEvent', { type, touchPoints });
    const swipe = async (
      from: readonly [number, number],
      to: readonly [number, number],
      during?: () => Promise<void>,
    ) => {
      const [a, b] = [await onPage(page, ...from), await onPage(page, ...to)];
      await touch('touchStart', a);
      for (let i = 1; i <= 5; i += 1) {
        await touch('touchMove', { x: a.x + ((b.x - a.x) * i) / 5, y: a.y + ((b.y - a.y) * i) / 5 });
      }
      await during?.();
      await touch('touchEnd');
    };
    await page.getByRole('button', { name: 'Boxes', exact: true }).tap();
    await swipe([140, 110], [200, 190], async () => {
      // Above the finger, where it can be seen.
      const glass = await page.locator('.label-magnifier').boundingBox();
      const finger = await onPage(page, 200, 190);
      expect((glass?.y ?? 0) + (glass?.height ?? 0)).toBeLessThan(finger.y);
    });
    await expect(boxes(page).last()).toHaveText(/60 × 80/);
    await swipe([200, 190], [230, 200]);
    await expect(boxes(page).last()).toHaveText(/90 × 90/);

    const [a, b] = [await onPage(page, 100, 100), await onPage(page, 200, 100)];
    const before = await page.locator('.label-picture').boundingBox();
    await touch('touchStart', a, b);
    for (let i = 1; i <= 5; i += 1) await touch('touchMove', { x: a.x - 12 * i, y: a.y }, { x: b.x + 12 * i, y: b.y });
    await touch('touchEnd');
    const after = await page.locator('.label-picture').boundingBox();
    expect((after?.width ?? 0) / (before?.width ?? 1)).toBeGreaterThan(1.5);
    await expect(boxes(page)).toHaveCount(3);

    for (const tool of await page.locator('.label-tool').all()) {
      const size = await tool.boundingBox();
      expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    expect(await violations(page)).toEqual([]);
  } finally {
    await context.close();
  }
});

test('axe finds nothing in either theme, wide or narrow; the keys are listed, and the sample set is read only', async ({
  page,
}) => {
  await openEditor(page);
  await drag(page, [150, 120], [210, 200]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      expect(await violations(page), `${colorScheme}, ${width}`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Next picture that is not labelled yet');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.goto('#/label?set=emoji-scenes');
  await expect(page.getByRole('note')).toContainText('This set came with the studio and cannot be edited');
  await page.goto('#/label?set=nowhere');
  await expect(page.getByRole('heading', { name: 'The labels cannot be edited' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to Data' }).click();
  await expect(page.getByRole('main', { name: 'Data' })).toBeVisible();
});
