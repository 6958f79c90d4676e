/** A title as the stem of a file's name: `AP50, chosen runs` becomes `ap50-chosen-runs`. */
export function fileStem(title: string): string {
  const stem = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return stem === '' ? 'chart' : stem;
}
