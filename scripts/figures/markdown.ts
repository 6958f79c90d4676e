import type { Figure, LeftOut } from './figure.ts';

/** A text that stays one in Markdown, in a table's cell too: nothing in it is read as markup. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~!&$]/g, (mark) => `\\${mark}`)
    .replace(/:\/\//g, '\\://');
}

/** A table of texts, the first row its head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Each figure with its sentence; the picture leads to the one that can be scaled. */
export function figureSections(figures: readonly Figure[]): readonly string[] {
  return figures.map(
    ({ name, title, sentence }) =>
      `### ${plain(title)}\n\n[![${plain(title)}](${name}.png)](${name}.svg)\n\n${plain(sentence)}`,
  );
}

/** What is missing and why; nothing where all is there. */
export function leftOutSection(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  return ['## Left out', leftOut.map(({ name, reason }) => `- ${name}: ${plain(reason)}`).join('\n')];
}

/** The parts of a page with an empty line between them. */
export function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}
