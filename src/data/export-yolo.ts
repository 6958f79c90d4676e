import { stringify } from 'yaml';
import { fileNameOf } from './export-coco.ts';
import { exportedSplits, folderName } from './export-voc.ts';
import { packTarBlob } from './tar-blob.ts';
import type { DataSet, Sample } from './types.ts';

/**
 * A data set as a YOLO tar, as Ultralytics reads it: `NAME/data.yaml`, a list for each split, `NAME/images/`, `NAME/labels/`.
 * Pictures without an annotation are left out: without a label file they would be pictures with nothing in them. Crowds are left
 * out, too. `lostInYolo` tells what else is lost. Throws as `imageBytes`, and when `signal` aborts.
 */
export function exportYoloTar(dataSet: DataSet, signal?: AbortSignal): Promise<Blob> {
  return packTarBlob(async (add) => {
    const root = folderName(dataSet.name);
    const text = new TextEncoder();
    const labelled = dataSet.samples.filter((sample) => sample.labelled);
    const byId = new Map(labelled.map((sample) => [sample.id, sample]));
    const lists: Record<string, string> = {};
    for (const [split, ids] of exportedSplits(dataSet)) {
      const lines = ids.flatMap((id) => {
        const sample = byId.get(id);
        return sample === undefined ? [] : [`./images/${fileNameOf(sample)}\n`];
      });
      if (lines.length === 0) continue;
      lists[split] = `${split}.txt`;
      await add(`${root}/${split}.txt`, text.encode(lines.join('')));
    }
    const names = new Map(dataSet.classes.map((name, id) => [id, name]));
    await add(`${root}/data.yaml`, text.encode(stringify({ path: '.', ...lists, nc: names.size, names })));
    for (const sample of labelled) {
      signal?.throwIfAborted();
      await add(`${root}/labels/${sample.id}.txt`, text.encode(labelText(sample, dataSet.classes)));
      await add(`${root}/images/${fileNameOf(sample)}`, await dataSet.imageBytes(sample.id));
    }
  });
}

/** What YOLO's text has no place for, of what the set has: full sentences. */
export function lostInYolo({ samples }: DataSet): string[] {
  const objects = samples.flatMap((sample) => sample.objects);
  const count = (is: (object: (typeof objects)[number]) => boolean) => objects.filter(is).length;
  const difficult = count((object) => object.difficult);
  const truncated = count((object) => object.truncated);
  const occluded = count((object) => object.occluded === true);
  const crowds = count(({ crowd }) => crowd === true);
  const unlabelled = samples.filter(({ labelled }) => !labelled).length;
  return [
    ...(difficult > 0 ? [`That ${difficult} objects are difficult: they become objects as any other.`] : []),
    ...(truncated > 0 ? [`That ${truncated} objects are truncated.`] : []),
    ...(occluded > 0 ? [`That ${occluded} objects are occluded.`] : []),
    ...(crowds > 0 ? [`${crowds} boxes around crowds: they would be learnt as one object each.`] : []),
    ...(unlabelled > 0
      ? [`${unlabelled} pictures without an annotation: in YOLO they would be pictures with nothing in them.`]
      : []),
  ];
}

function labelText({ size: { h, w }, objects }: Sample, classes: readonly string[]): string {
  return objects
    .filter(({ crowd }) => crowd !== true)
    .map(({ className, boxXyxyPx: [x0, y0, x1, y1] }) => {
      const places = [(x0 + x1) / 2 / w, (y0 + y1) / 2 / h, (x1 - x0) / w, (y1 - y0) / h];
      // Eight digits find the same place again in the largest picture that is read.
      return `${classes.indexOf(className)} ${places.map((place) => String(Number(place.toFixed(8)))).join(' ')}\n`;
    })
    .join('');
}
