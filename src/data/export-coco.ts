import { exportedSplits, extensionOf, folderName } from './export-voc.ts';
import { packTarBlob } from './tar-blob.ts';
import type { DataSet, Sample } from './types.ts';

/**
 * A data set as a COCO tar: `NAME/annotations/instances_SPLIT.json` for each split and `NAME/images/`. `difficult`,
 * `truncated` and `occluded` are written too, as keys that COCO's own programs pass over. Pictures without an annotation are left out: in a
 * COCO file they would be pictures with nothing in them. Throws as `imageBytes`, and when `signal` aborts.
 */
export function exportCocoTar(dataSet: DataSet, signal?: AbortSignal): Promise<Blob> {
  return packTarBlob(async (add) => {
    const root = folderName(dataSet.name);
    const labelled = dataSet.samples.filter((sample) => sample.labelled);
    const numbers = new Map(labelled.map(({ id }, i) => [id, i + 1]));
    const byId = new Map(labelled.map((sample) => [sample.id, sample]));
    for (const [split, ids] of exportedSplits(dataSet)) {
      const samples = ids.flatMap((id) => byId.get(id) ?? []);
      if (samples.length === 0) continue;
      const text = instancesJson(samples, dataSet.classes, numbers);
      await add(`${root}/annotations/instances_${split}.json`, new TextEncoder().encode(text));
    }
    for (const sample of labelled) {
      signal?.throwIfAborted();
      await add(`${root}/images/${fileNameOf(sample)}`, await dataSet.imageBytes(sample.id));
    }
  });
}

/** What a COCO file has no place for, of what the set has: full sentences. */
export function lostInCoco({ samples }: DataSet): string[] {
  const unlabelled = samples.filter(({ labelled }) => !labelled).length;
  return unlabelled === 0
    ? []
    : [`${unlabelled} pictures without an annotation: in COCO they would be pictures with nothing in them.`];
}

/** The file of an exported picture: its id, with folders where the id has them. */
export function fileNameOf({ id, imagePath }: Sample): string {
  return `${id}${extensionOf(imagePath)}`;
}

function instancesJson(
  samples: readonly Sample[],
  classes: readonly string[],
  numbers: ReadonlyMap<string, number>,
): string {
  const images = samples.map((sample) => ({
    id: numbers.get(sample.id),
    file_name: fileNameOf(sample),
    width: sample.size.w,
    height: sample.size.h,
  }));
  let id = 0;
  const annotations = samples.flatMap((sample) =>
    sample.objects.map(
      ({ className, boxXyxyPx: [x0, y0, x1, y1], difficult, truncated, occluded = false, crowd = false }) => {
        id += 1;
        return {
          id,
          image_id: numbers.get(sample.id),
          category_id: classes.indexOf(className) + 1,
          bbox: [x0, y0, x1 - x0, y1 - y0],
          area: (x1 - x0) * (y1 - y0),
          segmentation: [],
          iscrowd: crowd ? 1 : 0,
          ...(difficult ? { difficult: 1 } : {}),
          ...(truncated ? { truncated: 1 } : {}),
          ...(occluded ? { occluded: 1 } : {}),
        };
      },
    ),
  );
  const categories = classes.map((name, i) => ({ id: i + 1, name, supercategory: '' }));
  const lines = Object.entries({ images, annotations }).map(
    ([key, list]) => `"${key}": [\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`,
  );
  return `{\n"categories": ${JSON.stringify(categories)},\n${lines.join(',\n')}\n}\n`;
}
