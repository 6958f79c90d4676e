import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { startTestHub, type TestHub } from '../src/interop/test-hub.ts';
import { bundled } from './files.ts';
import { test as base, expect, violations } from './studio.ts';

const MODEL = 'someone/tiny-detr';

const test = base.extend<{ hub: TestHub }>({
  hub: async ({ browserName: _ }, use) => {
    const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
    const files = await Promise.all(
      names.map(async (name) => [name, await readFile(bundled(`sample/tiny-detr-emoji/${name}`))] as const),
    );
    const hub = await startTestHub({ [`${MODEL}@main`]: new Map(files) });
    await use(hub);
    await hub.close();
  },
});

async function openDialog(page: Page, hub: TestHub) {
  await page.goto('#/train');
  await page.getByLabel('Start from').selectOption({ label: 'Another model' });
  const dialog = page.getByRole('dialog', { name: 'Models of the hub' });
  await dialog.getByRole('button', { name: 'Token and address' }).click();
  await dialog.getByLabel('Address of the hub').fill(hub.address);
  await dialog.getByLabel('Another DETR, by its name').fill(MODEL);
  return dialog;
}

test('a model of the hub is asked for with consent, stopped, gone on with, and used without the hub', async ({
  page,
  hub,
  complaints,
}) => {
  const dialog = await openDialog(page, hub);
  const question = page.getByRole('dialog', { name: 'Fetch from another site?' });
  const row = dialog.getByRole('listitem', { name: MODEL });

  await test.step('before the user agrees nothing is asked, and the token goes to the hub alone', async () => {
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('Token', { exact: true }).fill('hf_secret');
    hub.privateTo.set(MODEL, 'hf_secret');
    await dialog.getByRole('button', { name: 'Fetch', exact: true }).last().click();
    await expect(question).toContainText(`${MODEL} from ${new URL(hub.address).host}`);
    await expect(question).toContainText('your token');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(question).toBeHidden();
    expect(hub.asked).toEqual([]);
  });

  await test.step('it is stopped in the middle, and the rest alone is fetched then', async () => {
    hub.pieceMs = 150;
    await dialog.getByRole('button', { name: 'Fetch', exact: true }).last().click();
    await question.getByRole('button', { name: 'Fetch' }).click();
    const status = page.getByRole('contentinfo').getByRole('status');
    await expect(status).toContainText(`Fetching "${MODEL}"`);
    await expect(status).toContainText(/[KM]B of [\d.]+ MB.*left/);
    await row.getByRole('button', { name: 'Cancel' }).click();
    await expect(row).toContainText(/of [\d.]+ MB is here/);
    hub.pieceMs = 0;
    await row.getByRole('button', { name: `Resume ${MODEL}` }).click();
    await question.getByRole('button', { name: 'Fetch' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByLabel('Start from').locator('option:checked')).toHaveText(MODEL);
    expect(hub.asked.at(-1)).toMatchObject({ host: 'cdn', range: expect.stringMatching(/^bytes=[1-9]\d*-$/) });
    for (const { host, authorization } of hub.asked) expect(authorization !== null).toBe(host === 'hub');
    await expect(page.getByRole('button', { name: /Network/ })).toContainText(/[1-9]/);
  });

  await test.step('with the hub gone and the page loaded anew it predicts', async () => {
    await hub.close();
    await page.goto('#/predict');
    await page.reload();
    await page.getByLabel('Weights', { exact: true }).selectOption({ label: MODEL });
    await page.getByRole('button', { name: 'Sample picture 2026_000003.jpg' }).click();
    await expect(page.getByRole('img', { name: /^2026_000003.jpg: found cat, airplane, car/ })).toBeVisible({
      timeout: 300_000,
    });
    await expect(page.locator('.found-side')).toContainText(`weights "${MODEL}"`);
  });

  await test.step('deleted, it is gone', async () => {
    await page.getByRole('button', { name: 'From the hub' }).click();
    await row.getByRole('button', { name: `Delete ${MODEL}` }).click();
    await row.getByRole('button', { name: /^Delete [\d.]+ MB/ }).click();
    await expect(dialog).toContainText(/was deleted: [\d.]+ MB freed/);
    await expect(row).toBeHidden();
  });
  expect(complaints.filter((complaint) => !complaint.includes('request to http://127.0.0.1'))).toEqual([]);
  complaints.length = 0;
});

test('what cannot be had is told in the dialog: a wrong name, too little space', async ({
  page,
  context,
  hub,
  complaints,
}) => {
  const dialog = await openDialog(page, hub);
  const agree = page.getByRole('dialog', { name: 'Fetch from another site?' }).getByRole('button', { name: 'Fetch' });
  const fetch = async (name: string): Promise<void> => {
    await dialog.getByLabel('Another DETR, by its name').fill(name);
    await dialog.getByRole('button', { name: 'Fetch', exact: true }).last().click();
    await agree.click();
  };
  await fetch('someone/typo');
  await expect(dialog.getByRole('alert')).toContainText('there is no model of that name, or it is private');
  const cdp = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 700_000 });
  await fetch(MODEL);
  // This browser estimates other figures than it gives, so that the first write finds it out.
  await expect(dialog.getByRole('alert')).toContainText(/4\.3 MB.*free/);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await dialog.getByRole('button', { name: `Resume ${MODEL}` }).click();
  await agree.click();
  await expect(page.getByLabel('Start from').locator('option:checked')).toHaveText(MODEL);
  // The browser itself complains of each refusal, and every request beyond the site is noted.
  complaints.length = 0;
});
