import { isFileManagerLitter } from './tree-path.ts';
import { isImageName, vocPart } from './voc-layout.ts';

/** What a file may be to a data set, by its path alone: `text` is an annotation, a list or a table of classes. */
export type FilePart = 'picture' | 'text' | 'other-picture' | 'other';

const TEXT_NAME = /\.(xml|json|ya?ml|txt|names|data)$/i;
/** Masks of VOC, which are pictures of no set. */
const MASKS = /(^|\/)Segmentation(Class|Object)(Raw)?\//;
const VOC_LISTS = /(^|\/)ImageSets\//;

/** What a file may be to a set in the form of VOC, COCO or YOLO. In VOC's folders only what VOC says counts. */
export function filePart(path: string): FilePart {
  if (isFileManagerLitter(path)) return 'other';
  const { part } = vocPart(path);
  if (part === 'picture') return 'picture';
  if (part === 'annotation' || part === 'list') return 'text';
  if (isImageName(path)) return MASKS.test(path) ? 'other-picture' : 'picture';
  return TEXT_NAME.test(path) && !VOC_LISTS.test(path) ? 'text' : 'other';
}
