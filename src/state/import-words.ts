import { bytesText } from '../base/bytes-text.ts';
import { durationText } from '../base/duration-text.ts';
import type { ImportProgress, ImportResult } from '../rpc/protocol.ts';
import type { ImportPlan, SpaceReport } from './space.ts';

const whole = (value: number): string => value.toLocaleString('en-GB');
const counted = (count: number, one: string, many: string): string => `${whole(count)} ${count === 1 ? one : many}`;

/** What an import takes of what is free: `Takes about 3.2 MB of 38.0 GB free.` */
export function planWords({ neededBytes, atLeast, freeBytes }: ImportPlan): string {
  const takes =
    neededBytes === null
      ? 'How much it takes shows as it comes'
      : `Takes ${atLeast ? 'at least' : 'about'} ${bytesText(neededBytes)}`;
  if (freeBytes === null) return `${takes}. This browser does not say how much is free.`;
  return neededBytes === null ? `${takes}; ${bytesText(freeBytes)} free.` : `${takes} of ${bytesText(freeBytes)} free.`;
}

/** Whether what is stored stays. */
export function keptWords(persisted: boolean | null): string {
  if (persisted === null) return 'This browser does not say how long it keeps data.';
  return persisted ? 'Kept until you delete it.' : 'The browser may delete it when space runs out.';
}

/** What is used and free, as far as the browser says. */
export function spaceWords({ usedBytes, freeBytes }: SpaceReport): string {
  const parts = [
    usedBytes === null ? '' : `${bytesText(usedBytes)} used`,
    freeBytes === null ? '' : `${bytesText(freeBytes)} free`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join(', ')}.`;
}

/** Of the source, in bytes; null where it is not known, as of what a server compresses on the way, which is longer than it said. */
export function knownTotal({ bytesDone, bytesTotal }: Pick<ImportProgress, 'bytesDone' | 'bytesTotal'>): number | null {
  return bytesTotal === null || bytesTotal < bytesDone ? null : bytesTotal;
}

/** How far an import is, how fast, and how long it takes still: each part empty where it is not known. */
export function importWords(progress: ImportProgress): {
  readonly done: string;
  readonly pictures: string;
  readonly pace: string;
} {
  const { phase, bytesDone, picturesDone, bytesPerSecond, secondsLeft } = progress;
  const bytesTotal = knownTotal(progress);
  const pace = [
    bytesPerSecond === null ? '' : `${bytesText(bytesPerSecond)}/s`,
    secondsLeft === null ? '' : `${durationText(secondsLeft)} left`,
  ].filter((part) => part !== '');
  return {
    done: bytesTotal === null ? bytesText(bytesDone) : `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`,
    pictures: counted(picturesDone, 'image', 'images'),
    pace: phase === 'finishing' ? 'writing the index' : pace.join(', '),
  };
}

/** What came of an import: `160 images imported, 3 problems`. */
export function resultWords({ summary, alreadyThere, resumedPictures, problems }: ImportResult): string {
  if (alreadyThere) return `This is "${summary.name}", which is here already: nothing was added.`;
  const resumed = resumedPictures > 0 ? ` (${whole(resumedPictures)} of them were stored before)` : '';
  const trouble = problems.length === 0 ? 'no problems' : counted(problems.length, 'problem', 'problems');
  return `${counted(summary.images, 'image', 'images')} imported${resumed}, ${trouble}`;
}
