/** What a run on a set is called: the set's name with the first number that no kept run has. */
export function proposeName(stem: string, names: Iterable<string>): string {
  const taken = new Set(names);
  let number = 1;
  while (taken.has(`${stem} ${number}`)) number += 1;
  return `${stem} ${number}`;
}
