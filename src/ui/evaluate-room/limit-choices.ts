const FEW = [8, 20, 50, 200, 1000, 5000];

/** How many pictures of a split can be chosen: null for all, then fewer, and what is chosen already. */
export function limitChoices(pictures: number, chosen: number | null): readonly (number | null)[] {
  const fewer = FEW.filter((most) => most < pictures);
  if (chosen !== null && !fewer.includes(chosen)) fewer.push(chosen);
  return [null, ...fewer.sort((a, b) => a - b)];
}
