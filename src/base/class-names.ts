/** Spellings that mean the same class in Pascal VOC and COCO: VOC's name to COCO's. */
const VOC_TO_COCO: ReadonlyMap<string, string> = new Map([
  ['aeroplane', 'airplane'],
  ['diningtable', 'dining table'],
  ['motorbike', 'motorcycle'],
  ['pottedplant', 'potted plant'],
  ['sofa', 'couch'],
  ['tvmonitor', 'tv'],
]);

/** One spelling for both data sets' names, for comparing. Other names stay as they are. */
export function canonicalClassName(name: string): string {
  return VOC_TO_COCO.get(name) ?? name;
}

/** For each of `wanted`, the index of the same class in `available`, or null. An equal spelling goes before an alias. */
export function matchClassNames(wanted: readonly string[], available: readonly string[]): (number | null)[] {
  const exact = new Map(available.map((name, index) => [name, index]));
  const canonical = new Map(available.map((name, index) => [canonicalClassName(name), index]));
  return wanted.map((name) => exact.get(name) ?? canonical.get(canonicalClassName(name)) ?? null);
}
