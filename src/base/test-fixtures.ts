import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'vitest';

const ROOT = process.env.DETRAIN_FIXTURES ?? resolve(import.meta.dirname, '../../../shared/fixtures');

/** The path of a file or folder among the fixtures, or null where they are absent. For tests only. */
export function fixturePath(path: string): string | null {
  const full = resolve(ROOT, path);
  return existsSync(full) ? full : null;
}

/** Tests that need a fixture; where it is absent they are skipped under a name that says so. */
export function describeWithFixture(path: string, title: string, body: (full: string) => void): void {
  const full = fixturePath(path);
  if (full === null) {
    // Not even collected: a body reads its fixture as it is.
    describe(title, () => test.skip(`SKIPPED: no ${path} in ${ROOT}; set DETRAIN_FIXTURES`, () => undefined));
  } else {
    describe(title, () => body(full));
  }
}

/** The bytes of a file. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}

/** A JSON file; the caller says its type. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** A JSON file among the fixtures, by its path there; the caller says its type. */
export function readFixture<T>(path: string): T {
  return readJson<T>(resolve(ROOT, path));
}
