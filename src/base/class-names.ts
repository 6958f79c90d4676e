/** Spellings that mean the same class in Pascal VOC and COCO: VOC's name and COCO's. */
const VOC_AND_COCO = [
  ['aeroplane', 'airplane'],
  ['diningtable', 'dining table'],
  ['motorbike', 'motorcycle'],
  ['pottedplant', 'potted plant'],
  ['sofa', 'couch'],
  ['tvmonitor', 'tv'],
] as const;

const ALIASES: ReadonlyMap<string, string> = new Map(VOC_AND_COCO.map(([voc, coco]) => [folded(voc), folded(coco)]));

/** What a slot of COCO's 91 that stands for no class is called. */
const UNUSED = 'N/A';

/** One spelling for all that mean the same class, for comparing: case and spaces do not count. */
export function canonicalClassName(name: string): string {
  const plain = folded(name);
  return ALIASES.get(plain) ?? plain;
}

/**
 * The slots of a class head that may be those of a class, best first: of equal spelling, else of another that means the same.
 * Slots that no class was ever trained in are none of them.
 */
export function slotsOfClass(name: string, labels: readonly string[]): number[] {
  const unused = unusedSlots(labels);
  const slots = [...labels.keys()].filter((slot) => !unused.has(slot));
  const equal = slots.filter((slot) => labels[slot] === name);
  if (equal.length > 0) return equal;
  const wanted = canonicalClassName(name);
  return slots.filter((slot) => canonicalClassName(labels[slot] ?? '') === wanted);
}

/** The slots that stand for no class: those of COCO's 91 ids that were never given. A single one may be a class of that name. */
export function unusedSlots(labels: readonly string[]): ReadonlySet<number> {
  const slots = [...labels.keys()].filter((slot) => labels[slot] === UNUSED);
  return new Set(slots.length > 1 ? slots : []);
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}
