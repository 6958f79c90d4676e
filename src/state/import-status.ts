import { bytesText } from '../base/bytes-text.ts';
import type { ImportProgress } from '../rpc/protocol.ts';
import { importWords, knownTotal } from './import-words.ts';
import type { StatusReport } from './status.ts';

/** What the status line says of the import that goes on, or null: how far it is, how fast, how long it takes still. */
export function importStatus(importing: ImportProgress | null): (StatusReport & { readonly rate: string }) | null {
  if (importing === null) return null;
  const { name, phase, bytesDone, bytesPerSecond, secondsLeft } = importing;
  const bytesTotal = knownTotal(importing);
  const reading = phase === 'reading';
  const { done, pictures } = importWords(importing);
  return {
    what: `${reading ? 'Importing' : 'Finishing'} "${name}"`,
    howFar: done,
    phase: pictures,
    imagesPerSecond: null,
    rate: reading && bytesPerSecond !== null ? `${bytesText(bytesPerSecond)}/s` : '',
    secondsLeft: reading ? secondsLeft : null,
    fraction: bytesTotal === null || bytesTotal === 0 ? null : bytesDone / bytesTotal,
    mood: 'busy',
  };
}
