import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

const root = process.env.DETRAIN_FIXTURES ?? join(import.meta.dirname, '../../../shared/fixtures');

/** A JSON file of the fixtures. For tests only. */
export function readFixture<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
}

/** Tests on a folder of the fixtures; where it is absent they are skipped, and their title says so. */
export function describeFixtures(folder: string, body: () => void): void {
  if (existsSync(join(root, folder))) describe(folder, body);
  else describe.skip(`${folder} (skipped: not found; set DETRAIN_FIXTURES to the fixtures folder)`, body);
}
