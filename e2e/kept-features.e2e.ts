import { fillSmallRun, showAllSettings } from './small-run.ts';
import { expect, test } from './studio.ts';

test('a run with a frozen backbone keeps features: the next run goes on with them, and they can be deleted', async ({
  page,
}) => {
  const status = page.getByRole('status').last();
  const space = page.locator('.space');

  const train = async (name: string): Promise<void> => {
    await page.goto('#/train');
    await fillSmallRun(page, { steps: 3, saveEvery: 100 });
    await showAllSettings(page);
    await page.getByLabel('Freeze backbone').check();
    await page.getByLabel('Views a picture').fill('1');
    await page.getByLabel('Name of the run').fill(name);
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(status).toContainText(`Finished "${name}"`);
  };

  await test.step('what they take is said', async () => {
    await train('first');
    await expect(
      page.getByText(/What the frozen part gives for each view is kept in this browser's storage/),
    ).toBeVisible();
    await page.goto('#/data');
    await expect(space).toContainText(/KB of it are features that training with a frozen backbone has kept/);
  });

  await test.step('the same pictures are not computed again', async () => {
    await train('second');
    await expect(page.getByText(/of it there already/)).toBeVisible();
  });

  await test.step('deleted, nothing is left of them', async () => {
    await page.goto('#/data');
    await space.getByRole('button', { name: 'Delete the kept features' }).click();
    await expect(space).toContainText(/The kept features were deleted: .* freed\./);
    await expect(space).not.toContainText('has kept');
  });
});
