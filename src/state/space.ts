import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import type { GivenFile, InterruptedImport, OfferedSet } from '../rpc/protocol.ts';

/** What the browser says of this site's storage; null where it does not say. */
export interface SpaceReport {
  readonly usedBytes: number | null;
  readonly freeBytes: number | null;
  /** True where the browser keeps everything until a person deletes it. */
  readonly persisted: boolean | null;
}

/** Port: the browser's account of this site's storage. */
export interface SpaceKeeper {
  report(): Promise<SpaceReport>;
  /** Asks that nothing be deleted without a person's will; true where it was granted, null where it cannot be asked. */
  persist(): Promise<boolean | null>;
}

/** `navigator.storage`, where there is one: not in an insecure page. */
export function browserSpace(storage: StorageManager | undefined = globalThis.navigator?.storage): SpaceKeeper {
  return {
    async report() {
      const [estimate, persisted] = await Promise.all([storage?.estimate?.(), storage?.persisted?.()]);
      const { usage, quota } = estimate ?? {};
      return {
        usedBytes: usage ?? null,
        freeBytes: usage === undefined || quota === undefined ? null : Math.max(0, quota - usage),
        persisted: persisted ?? null,
      };
    },
    persist: async () => (await storage?.persist?.()) ?? null,
  };
}

/** What an import will take before it begins. */
export interface ImportPlan {
  /** Null where the source does not say. */
  readonly neededBytes: number | null;
  /** True where it may be more: compressed archives are stored as they unpack. */
  readonly atLeast: boolean;
  readonly freeBytes: number | null;
  /** Whether the browser granted to keep it; null while it is asked or where it cannot be. */
  readonly persisted: boolean | null;
}

/** The space that files will take, less what a broken-off import of the same name has stored of them. */
export function neededSpace(
  name: string,
  files: readonly GivenFile[],
  interrupted: readonly InterruptedImport[],
): Pick<ImportPlan, 'neededBytes' | 'atLeast'> {
  const given = files.reduce((sum, { file }) => sum + file.size, 0);
  const stored = interrupted.find((other) => other.name === name)?.bytesStored ?? 0;
  return {
    neededBytes: Math.max(0, given - stored),
    atLeast: files.some(({ path }) => /\.(tgz|gz|zip)$/i.test(path)),
  };
}

/** The space that what an address has will take, where the studio's own server has told its size. */
export function neededForAddress(
  address: string,
  offered: readonly OfferedSet[],
  interrupted: readonly InterruptedImport[],
): Pick<ImportPlan, 'neededBytes' | 'atLeast'> {
  const bytes = offered.find(({ url }) => url === address)?.bytes;
  const stored = interrupted.find((other) => other.address === address)?.bytesStored ?? 0;
  return { neededBytes: bytes === undefined ? null : Math.max(0, bytes - stored), atLeast: false };
}

/** Throws `storage` where an import cannot fit; what the browser does not say counts as room enough. */
export function refuseWithoutSpace(name: string, { neededBytes, freeBytes }: ImportPlan): void {
  if (neededBytes === null || freeBytes === null || neededBytes <= freeBytes) return;
  throw new StudioError(
    'storage',
    `"${name}" needs about ${bytesText(neededBytes)}, and this browser has ${bytesText(freeBytes)} free for the studio. ` +
      'Delete a data set or a run, or make room on the disk, then import it again. Nothing was stored.',
    { neededBytes, freeBytes },
  );
}
