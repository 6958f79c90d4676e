import { StudioError } from '../base/errors.ts';

/**
 * The value of a JSON text. Throws `bad-annotation` with the file's name and the line where it goes wrong, as far as the
 * engine tells the place.
 */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const line = lineOf(text, why);
    const where = line === null ? name : `${name}, line ${line}`;
    const found = text.trim() === '' ? 'it is empty' : withoutPlace(why);
    const message = `${where}: it is no JSON (${found}); mend or export it again.`;
    throw new StudioError('bad-annotation', message, { name, line }, { cause });
  }
}

/** V8 tells a position, Firefox a line, and V8 of a text that ends too early nothing, which is its last line. */
function lineOf(text: string, why: string): number | null {
  const position = /at position (\d+)/.exec(why)?.[1];
  if (position !== undefined) return text.slice(0, Number(position)).split('\n').length;
  const line = /at line (\d+)/.exec(why)?.[1];
  if (line !== undefined) return Number(line);
  if (/end of (JSON input|data)|EOF|unterminated/i.test(why)) return text.trimEnd().split('\n').length;
  return null;
}

/** The engine's words without the place and without the text around it. */
function withoutPlace(why: string): string {
  return why.replace(/^JSON\.parse: /, '').replace(/,? ?(in JSON )?at (position|line) \d+.*$|, (\.\.\.)?".*$/s, '');
}
