import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { agree, importFrom } from './from-address.ts';
import { shardedSet } from './sharded-set.ts';
import { expect, test, violations } from './studio.ts';

const PICTURES = 60;

/** A server whose one archive comes in two pieces of 40 % some seconds apart; the rest once it is let go. */
async function slowServer(archive: Uint8Array) {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer(async (_, response) => {
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Length': archive.byteLength });
    const part = Math.floor(archive.byteLength * 0.4);
    response.write(archive.subarray(0, part));
    await wait(3500);
    response.write(archive.subarray(part, 2 * part));
    await released;
    response.end(archive.subarray(2 * part));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/small.tar`, letGo, server };
}

test('an archive is looked at while it comes, and trained on when all of it is there', async ({ page, complaints }) => {
  const { address, letGo, server } = await slowServer(await shardedSet(PICTURES));
  try {
    await page.goto('#/data');
    await importFrom(page, address);
    await agree(page);
    await page.getByRole('button', { name: /SMALL.*more is on its way/ }).click();
    const pictures = page.getByRole('list', { name: /^Pictures of SMALL/ });
    await expect(pictures.locator('img').first()).toBeVisible();
    await expect(page.getByText('Train when all of it is here')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeDisabled();
    await pictures.getByRole('button').first().click();
    await expect(page.getByRole('dialog')).toContainText(/1 of \d+/);
    await page.keyboard.press('Escape');
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: 'test-results/data-arriving-archive.png' });

    letGo();
    await expect(page.locator('.import-status[role=status]')).toContainText(`${PICTURES} images imported`);
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeEnabled();
  } finally {
    server.closeAllConnections();
    server.close();
  }
  // The archive is another site's.
  complaints.length = 0;
});
