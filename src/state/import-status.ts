import { bytesText } from '../base/bytes-text.ts';
import type { ImportProgress } from '../rpc/protocol.ts';
import type { StatusReport } from './status.ts';

/** What the status line says of the import that goes on, or null: how far it is, how fast, how long it takes still. */
export function importStatus(importing: ImportProgress | null): (StatusReport & { readonly rate: string }) | null {
  if (importing === null) return null;
  const { name, phase, bytesDone, picturesDone, bytesPerSecond, secondsLeft } = importing;
  // What a server compresses on the way is longer than it said.
  const bytesTotal = importing.bytesTotal !== null && importing.bytesTotal < bytesDone ? null : importing.bytesTotal;
  const reading = phase === 'reading';
  const bytes = bytesTotal === null ? bytesText(bytesDone) : `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`;
  return {
    what: `${reading ? 'Importing' : 'Finishing'} "${name}"`,
    howFar: bytes,
    phase: picturesDone === 1 ? '1 image' : `${picturesDone.toLocaleString('en-GB')} images`,
    imagesPerSecond: null,
    rate: reading && bytesPerSecond !== null ? `${bytesText(bytesPerSecond)}/s` : '',
    secondsLeft: reading ? secondsLeft : null,
    fraction: bytesTotal === null || bytesTotal === 0 ? null : bytesDone / bytesTotal,
    mood: 'busy',
  };
}
