import { expect, test, violations } from './studio.ts';

const ROOMS = ['Data', 'Train', 'Evaluate', 'Predict', 'Runs'] as const;

test('the studio opens on Data, and its five rooms are reached by keyboard and kept over a reload', async ({
  page,
}) => {
  await page.goto('');
  await expect(page).toHaveURL(/#\/data$/);
  await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
  await expect(page.getByRole('status').last()).toContainText('Nothing is running');
  const links = page.getByRole('navigation', { name: 'Rooms' }).getByRole('link');
  await expect(links).toHaveText([...ROOMS]);

  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Skip to the room' })).toBeFocused();
  await page.keyboard.press('Tab');
  for (const [index, room] of ROOMS.entries()) {
    await expect(links.nth(index)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`#/${room.toLowerCase()}$`));
    await expect(links.nth(index)).toHaveAttribute('aria-current', 'page');
    await expect(page).toHaveTitle(`${room} · Detrain`);
    await expect(page.getByRole('main', { name: room })).toBeVisible();
    await page.keyboard.press('Tab');
  }
  await page.reload();
  await expect(links.last()).toHaveAttribute('aria-current', 'page');
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
});

test('the theme is remembered, and stands before the page is drawn', async ({ page, complaints }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('#/data');
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
  const toggle = page.getByRole('button', { name: /^Theme/ });
  await toggle.click();
  await toggle.click();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  // Without the page's own script only the few lines in the head can have set it; the policy must allow them.
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  expect(complaints.filter((complaint) => complaint.includes('Content Security Policy'))).toEqual([]);
  complaints.length = 0;
});

test('no empty room has an accessibility violation, in either theme, or scrolls sideways on a narrow screen', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const room of ROOMS) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`#/${room.toLowerCase()}`);
    const main = page.getByRole('main', { name: room });
    await expect(main.getByRole('heading').first()).toBeVisible();
    if (room === 'Data') await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
    if (room === 'Train') {
      await page.getByRole('button', { name: 'All settings' }).click();
      await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      expect(await violations(page), `${room}, ${colorScheme}`).toEqual([]);
    }

    await page.setViewportSize({ width: 390, height: 844 });
    await expect
      .poll(async () => (await page.getByRole('navigation', { name: 'Rooms' }).boundingBox())?.y)
      .toBeGreaterThan(760);
    const size = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return { scrollWidth, scrollHeight, mainWidth: document.querySelector('main')?.scrollWidth ?? 0 };
    });
    expect(size.scrollWidth, room).toBeLessThanOrEqual(390);
    expect(size.mainWidth, room).toBeLessThanOrEqual(390);
    // The window itself never scrolls: the room does.
    expect(size.scrollHeight, room).toBeLessThanOrEqual(844);
  }
});

test('a worker that does not load is told in the room that asked for it', async ({ page, complaints }) => {
  await page.route('**/assets/train.worker*', (route) => route.abort());
  await page.goto('#/train');
  await page.getByRole('button', { name: 'Start training' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Training did not start');
  await expect(alert).toContainText('The training worker could not start');
  await expect(page.getByRole('status').last()).toContainText('Training did not start');
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
  complaints.length = 0;
});

test('a room has its heading while its code comes, and when it does not come', async ({ page, complaints }) => {
  let giveUp: (() => void) | undefined;
  await page.route('**/assets/EvaluateRoom*.js', async (route) => {
    await new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    await route.abort();
  });
  await page.goto('');
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Evaluate' }).click();
  const main = page.getByRole('main', { name: 'Evaluate' });
  await expect(main).toContainText('Fetching this room');
  expect(await violations(page), 'while it comes').toEqual([]);
  giveUp?.();
  await expect(main.getByRole('alert')).toBeVisible();
  expect(await violations(page), 'when it did not come').toEqual([]);
  complaints.length = 0;
});
