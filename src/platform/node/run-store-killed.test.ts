import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as realFs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderRunStore } from './run-store.ts';
import { filesOfSave, saveOfFiles } from './test-saved-files.ts';

const BYTES = 2 ** 20;

/** Every file is flushed to the disk, which others may be using. */
const BUSY_DISK_MS = 120_000;

/** How many changes of the disk are still made before the process "dies"; what it was at is then left half done. */
const life = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const fs = await importOriginal<typeof realFs>();
  const dies = () => life.left-- <= 0;
  const dead = () => new Error('killed');
  return {
    ...fs,
    mkdir: async (...args: Parameters<typeof fs.mkdir>) => {
      if (dies()) throw dead();
      return fs.mkdir(...args);
    },
    rename: async (...args: Parameters<typeof fs.rename>) => {
      if (dies()) throw dead();
      return fs.rename(...args);
    },
    open: async (...args: Parameters<typeof fs.open>) => {
      const file = await fs.open(...args);
      if (!dies()) return file;
      await file.write('half a fi');
      await file.close();
      throw dead();
    },
    rm: async (...args: Parameters<typeof fs.rm>) => {
      if (!dies()) return fs.rm(...args);
      const [first] = life.left === -1 ? await fs.readdir(args[0]).catch(() => []) : [];
      if (first) await fs.rm(join(String(args[0]), first));
      throw dead();
    },
  };
});

let folder = '';
beforeEach(async () => {
  folder = await realFs.mkdtemp(join(tmpdir(), 'detrain-killed-'));
});
afterEach(() => realFs.rm(folder, { recursive: true }));

const saved = async (bytes: number) => saveOfFiles(await folderRunStore(folder).loadCheckpoint('last'), bytes);

/** Saves until the disk was changed so many times; whether it came to its end. */
async function saveWithin(changes: number, save: number): Promise<boolean> {
  life.left = changes;
  try {
    await folderRunStore(folder).saveCheckpoint('last', filesOfSave(save, 64));
    return true;
  } catch {
    return false;
  } finally {
    life.left = Number.POSITIVE_INFINITY;
  }
}

test(
  'killed at any change of the disk, and at any one of the save after that, one whole checkpoint is there',
  async () => {
    let killed = 0;
    for (let first = 0, ended = false; !ended; first++) {
      for (let second = 0, endedAgain = false; !endedAgain; second++) {
        await realFs.rm(join(folder), { recursive: true });
        await realFs.mkdir(folder);
        await saveWithin(Number.POSITIVE_INFINITY, 1);
        ended = await saveWithin(first, 2);
        const before = await saved(64);
        expect(before).toBeGreaterThanOrEqual(ended ? 2 : 1);
        endedAgain = await saveWithin(second, 3);
        const after = await saved(64);
        const where = `killed at change ${first}, then at ${second}`;
        expect(after, where).toBeGreaterThanOrEqual(endedAgain ? 3 : before);
        killed += endedAgain ? 0 : 1;
        if (endedAgain) expect(await realFs.readdir(folder), where).toEqual(['last']);
      }
    }
    expect(killed).toBeGreaterThan(50);
  },
  BUSY_DISK_MS,
);

test(
  'a process that saves without end is killed ten times, and leaves a whole checkpoint each time',
  async () => {
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        ssr: join(import.meta.dirname, 'test-save-in-loop.ts'),
        outDir: join(folder, 'built'),
        rolldownOptions: { output: { entryFileNames: 'loop.mjs' } },
      },
    });
    let found = 0;
    for (let kill = 0; kill < 10; kill++) {
      const args = [join(folder, 'built/loop.mjs'), folder, String(found + 1), String(BYTES)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let told = found;
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        told = Number(line);
      });
      await once(lines, 'line');
      await wait(Math.random() * 60);
      child.kill('SIGKILL');
      await once(child, 'close');
      found = await saved(BYTES);
      // It may have been killed before it could tell of the last save.
      expect([told, told + 1]).toContain(found);
    }
    await folderRunStore(folder).saveCheckpoint('last', filesOfSave(0, 64));
    expect((await realFs.readdir(folder)).sort()).toEqual(['built', 'last']);
  },
  BUSY_DISK_MS,
);
