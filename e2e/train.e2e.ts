import { fillSmallRun, showAllSettings } from './small-run.ts';
import { expect, test, violations } from './studio.ts';

test('a run is set, refused, paused, stopped, tried and restored from its link', async ({ page, context }) => {
  // One page for all of it: a software device takes its time to compile, once a page.
  const status = page.getByRole('status').last();
  const start = page.getByRole('button', { name: 'Start training' });
  const steps = page.getByLabel('Steps', { exact: true });
  const rate = page.getByLabel('Learning rate', { exact: true });

  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await test.step('a recipe fills in its fields, and tells where one was changed', async () => {
    await page.goto('#/train');
    await expect(page.getByRole('radio', { name: 'Standard' })).toBeChecked();
    await showAllSettings(page);
    const frozen = page.getByRole('switch', { name: 'Freeze backbone' });
    await expect(frozen).not.toBeChecked();
    await page.getByRole('radio', { name: 'Quick' }).check();
    await expect(frozen).toBeChecked();
    await expect(page.getByLabel('Schedule')).toHaveValue('cosine');
    await steps.fill('400');
    await expect(page.getByLabel('Class head alone')).not.toHaveValue('0');
    await expect(page.getByText('changed', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Back to the recipe' }).click();
    await expect(page.getByText('changed', { exact: true })).toBeHidden();
    await expect(page.getByRole('radio', { name: 'Quick' })).toBeChecked();
    await page.getByRole('radio', { name: 'Standard' }).check();
    await expect(frozen).not.toBeChecked();
    await page.getByRole('button', { name: 'All settings' }).click();
  });

  await test.step('settings that do not fit are said, and the first of them is focused', async () => {
    await page.goto('#/train');
    await expect(page.getByText(/computes on the processor, so a short run/)).toBeVisible();
    await showAllSettings(page);
    await rate.fill('fast');
    await page.getByRole('button', { name: 'All settings' }).click();
    await start.click();
    await expect(page.getByText('"fast" does not fit here: give a rate above 0')).toBeVisible();
    await expect(rate).toBeFocused();
    await steps.fill('');
    await start.click();
    await expect(page.getByText('Give a whole number of steps from 1')).toBeVisible();
    await expect(steps).toBeFocused();
    expect(await violations(page)).toEqual([]);
    await expect(status).toContainText('Nothing is running');
  });

  await test.step('it pauses and goes on, by button and by space bar', async () => {
    await rate.fill('3e-4');
    await page.getByLabel('Seed').fill('7');
    await fillSmallRun(page, { steps: 900, saveEvery: 100 });
    await page.getByLabel('Name of the run').fill('a run in between');
    await start.click();
    await expect(status).toContainText(/Training "a run in between".*step [1-9]\d* of 900/);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(status).toContainText('Paused "a run in between"');
    await expect(steps).toBeDisabled();
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(status).toContainText('Training');
    await page.getByRole('main').focus();
    await page.keyboard.press('Space');
    await expect(status).toContainText('Paused');
    // The step in hand is still taken, and then none: a run that went on would not say the same for so long.
    let pausedAt: string | null = null;
    await expect(async () => {
      pausedAt = await status.textContent();
      await page.waitForTimeout(6000);
      expect(await status.textContent()).toBe(pausedAt);
    }).toPass();
    await page.keyboard.press('Space');
    await expect(status).toContainText('Training');
    await expect(status).not.toContainText(/step \d+ /.exec(pausedAt ?? '')?.[0] ?? '');
  });

  await test.step('stopped, its weights stay and can be tried', async () => {
    // Its pictures have a worker of their own, which the training one starts.
    expect(asked.some((path) => /\/picture\.worker-[^/]+\.js$/.test(path))).toBe(true);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(status).toContainText('Stopped "a run in between"');
    await expect(page.getByText('never evaluated')).toBeVisible();
    await page.getByRole('button', { name: 'Try it' }).click();
    await expect(page).toHaveURL(/#\/predict$/);
    const weights = page.getByLabel('Weights', { exact: true });
    await expect(weights.locator('option:checked')).toHaveText(/^a run in between, last/);
    await expect(page.getByText('6 classes: aeroplane, bicycle, bus, car, cat, dog')).toBeVisible();
  });

  await test.step('its link restores every setting, and says so where the data set is another', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Runs' }).click();
    await page
      .getByRole('table', { name: 'Kept runs' })
      .getByRole('button', { name: 'a run in between', exact: true })
      .click();
    await page.getByRole('button', { name: 'Copy link to these settings' }).click();
    await expect(page.getByText('Copied: the link fills in every setting')).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());

    const other = await context.newPage();
    await other.goto(link);
    await expect(other.getByText('The settings of the link are restored, the seed among them.')).toBeVisible();
    await showAllSettings(other);
    await expect(other.getByLabel('Steps', { exact: true })).toHaveValue('900');
    await expect(other.getByLabel('Image size')).toHaveValue('64');
    await expect(other.getByLabel('Evaluate every')).toHaveValue('0');
    await expect(other.getByLabel('Learning rate', { exact: true })).toHaveValue('3e-4');
    await expect(other.getByLabel('Save every')).toHaveValue('100');
    await expect(other.getByLabel('Seed')).toHaveValue('7');
    await expect(other.getByText('has changed since these settings were made')).toBeHidden();

    await other.goto(link.replace(/dataHash=\w+/, 'dataHash=0123456789abcdef'));
    await expect(
      other.getByText(/has changed since these settings were made \(its content was 01234567/),
    ).toBeVisible();
    await other.goto(link.replace(/&seed=\d+.*/, ''));
    await expect(other.getByRole('alert')).toContainText('it may have been cut off');
    await other.close();
  });

  await test.step('"Overfit 8 pictures" trains on eight', async () => {
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Overfit 8 pictures' }).click();
    await expect(status).toContainText(/8 pictures.*step [1-9]\d* of 40/);
    await showAllSettings(page);
    await expect(page.getByLabel('Only the first pictures')).toHaveValue('8');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(status).toContainText('Stopped');
  });
});
