import { OFFERED_SETS_FILE, OFFERED_SETS_FOLDER } from '../src/base/offered.ts';
import { bundledAddress } from './bundled-file.ts';

/** The list of sets that the studio's own server offers; null where there is none, or no connection to it. */
export async function offeredSets(): Promise<{ readonly text: string; readonly url: string } | null> {
  const url = bundledAddress(`${OFFERED_SETS_FOLDER}/${OFFERED_SETS_FILE}`);
  try {
    const response = await fetch(url, { cache: 'no-store' });
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return response.ok && isJson ? { text: await response.text(), url } : null;
  } catch {
    // Without a connection the studio works on, and nothing is offered.
    return null;
  }
}
