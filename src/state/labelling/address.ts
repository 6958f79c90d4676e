/** The address of the editor at a picture, for the part behind the `#`; `back` is where its "Back" goes to, `/data` by default. */
export function labelAddress(dataSetId: string, sampleId: string | null, back: string | null = null): string {
  const query = new URLSearchParams({ set: dataSetId });
  if (sampleId !== null) query.set('picture', sampleId);
  if (back !== null) query.set('back', back);
  return `/label?${query.toString()}`;
}
