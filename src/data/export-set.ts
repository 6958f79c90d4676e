import { exportCocoTar, lostInCoco } from './export-coco.ts';
import { exportVocTar, folderName, lostInVoc } from './export-voc.ts';
import { exportYoloTar, lostInYolo } from './export-yolo.ts';
import type { DataSet, ExportedSet, ExportForm } from './types.ts';

const FORMS = {
  voc: { pack: exportVocTar, lost: lostInVoc, ending: '' },
  coco: { pack: exportCocoTar, lost: lostInCoco, ending: '-coco' },
  yolo: { pack: exportYoloTar, lost: lostInYolo, ending: '-yolo' },
} as const;

/** A set as a tar of that form, and what of it the form has no place for. Throws as `imageBytes`. */
export async function exportSet(dataSet: DataSet, form: ExportForm): Promise<ExportedSet> {
  const { pack, lost, ending } = FORMS[form];
  return { name: `${folderName(dataSet.name)}${ending}.tar`, blob: await pack(dataSet), lost: lost(dataSet) };
}
