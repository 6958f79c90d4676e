import type { SetDifference } from '../rpc/protocol.ts';

/** How two versions differ, in words: "3 boxes added, 1 changed, 2 images removed". */
export function differenceWords({
  picturesAdded,
  picturesRemoved,
  picturesMoved,
  boxes,
}: Omit<SetDifference, 'samples'>): string {
  const parts = [
    ...counted({ added: boxes.added, removed: boxes.removed, changed: boxes.changed }, 'box', 'boxes'),
    ...counted({ added: picturesAdded, removed: picturesRemoved, 'in other splits': picturesMoved }, 'image', 'images'),
  ];
  return parts.length === 0 ? 'no box differs' : parts.join(', ');
}

function counted(counts: Readonly<Record<string, number>>, one: string, many: string): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count], place) => (place === 0 ? `${count} ${count === 1 ? one : many} ${what}` : `${count} ${what}`));
}
