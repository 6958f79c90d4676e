/** The names, each once: a name that comes again gets a number before its ending, as in `image (2).png`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let unique = name;
    for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${stem} (${number})${ending}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** The name of a file that is made from this one, with another ending. */
export function withEnding(name: string, ending: string): string {
  return `${name.replace(/\.(jpe?g|png|webp|gif|bmp)$/i, '')}${ending}`;
}
