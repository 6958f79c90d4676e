import { appendTo } from '../base/append-to.ts';
import { type ClassMap, classRows, usedLabels } from '../base/class-rows.ts';
import { StudioError } from '../base/errors.ts';
import { evaluationBatches } from '../data/evaluation-batches.ts';
import type { PictureReading } from '../data/picture-source.ts';
import { samplesOfSplit } from '../data/picture-source.ts';
import type { DataSet, Sample } from '../data/types.ts';
import type { DetrForObjectDetection } from '../detr/model.ts';
import { evaluateDetections } from '../metrics/report.ts';
import type { Detection, EvaluationReport, GroundTruth } from '../metrics/types.ts';
import { Detector } from '../predict/detector.ts';
import type { EvalPicture } from './types.ts';

export interface EvaluateOptions extends PictureReading {
  readonly model: DetrForObjectDetection;
  readonly split: string;
  readonly batch: number;
  /** The first so many pictures of the split; null for all. */
  readonly limit: number | null;
  /** How many pictures to hand back with their boxes. */
  readonly keepPictures: number;
  /** Boxes above this score stand in the pictures that are handed back; 0.3 where left out. All are evaluated. */
  readonly keepScore?: number;
  /** Which class of the weights stands for a class of the data set, where that is not the one of the same name. */
  readonly classMap?: ClassMap;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface SplitEvaluation {
  readonly report: EvaluationReport;
  readonly images: number;
  /** Everything that was scored; images are numbered in the order of evaluation. */
  readonly detections: readonly Detection[];
  readonly groundTruth: readonly GroundTruth[];
  /**
   * The first that were evaluated, which come sorted by shape and length, with what was found above `keepScore`, best first,
   * under the data set's class names and ids.
   */
  readonly pictures: readonly EvalPicture[];
}

const KEPT_SCORE = 0.3;

/**
 * Runs a model over a split and scores it. Every query counts, with its best class; a class of the weights that the data
 * set does not have is left out. Throws as `mapLabels`, and `bad-data-set` where no picture is left.
 */
export async function evaluateSplit(options: EvaluateOptions): Promise<SplitEvaluation> {
  const { limit, ...reading } = options;
  const { model, dataSet, split, keepPictures, keepScore = KEPT_SCORE, onProgress } = options;
  const { classesOfLabel } = mapLabels(dataSet, model.config.labels, options.classMap);
  const total = samplesOfSplit(dataSet, split).slice(0, limit ?? undefined).length;
  const detector = new Detector(model, options.preprocessor, options.now);
  const detections: Detection[] = [];
  const groundTruth: GroundTruth[] = [];
  const pictures: EvalPicture[] = [];
  let images = 0;

  onProgress?.(0, total);
  const batches = evaluationBatches({ ...reading, ...(limit !== null && { limit }) });
  for await (const { batch, samples } of batches) {
    const found = await detector.detectBatch(
      batch,
      samples.map(({ size }) => size),
    );
    for (const [b, sample] of samples.entries()) {
      const imageId = images++;
      const known = (found[b] ?? []).flatMap(({ labelId, score, boxXyxyPx }): Detection[] => {
        const classIds = classesOfLabel.get(labelId) ?? [];
        return classIds.map((classId) => ({ imageId, classId, score, boxXyxy: boxXyxyPx }));
      });
      detections.push(...known);
      groundTruth.push(...truthOf(sample, imageId, dataSet.classes));
      if (pictures.length < keepPictures) pictures.push(pictureOf(sample, known, dataSet.classes, keepScore));
    }
    onProgress?.(images, total);
  }
  if (images === 0) {
    throw new StudioError('bad-data-set', `No picture of the split "${split}" of ${dataSet.name} could be read.`, {
      split,
    });
  }
  const report = evaluateDetections({ detections, groundTruth, classes: dataSet.classes });
  return { report, images, pictures, detections, groundTruth };
}

/** What the labels of the weights mean in a data set. */
export interface MappedLabels {
  /** The data set's classes for each label of the weights that it has: one, unless the table gives one label to several. */
  readonly classesOfLabel: ReadonlyMap<number, readonly number[]>;
  /** How many classes of the data set have a label. */
  readonly known: number;
  /** What a person should know of it, in sentences. */
  readonly notices: readonly string[];
}

/**
 * The data set's classes for each label of the weights, by name; `map` goes before that. A class to which it gives null is
 * found nowhere. Throws `bad-data-set` where the weights lack any other class of the data set, or all of them, and `usage`
 * where the map does not fit.
 */
export function mapLabels(dataSet: DataSet, labels: readonly string[], map?: ClassMap): MappedLabels {
  const { rows, slots, chosen, carried, notices } = classRows(dataSet.classes, labels, map);
  const absent = rows.filter(({ from }) => from === null).map(({ name }) => name);
  const missing = absent.filter((name) => !chosen.has(name));
  if (missing.length > 0 || carried === 0) {
    const unknown = missing.length > 0 ? missing : absent;
    throw new StudioError(
      'bad-data-set',
      `The weights know no class ${unknown.map((name) => `"${name}"`).join(', ')} of ${dataSet.name}; they know ${usedLabels(labels).slice(0, 40).join(', ')}. Evaluate with weights that were fine-tuned on this data set, or say in a class table which of their classes is meant.`,
      { missing: unknown.join(', ') },
    );
  }
  const classesOfLabel = new Map<number, number[]>();
  for (const [classId, slot] of slots.entries()) {
    if (slot !== null) appendTo(classesOfLabel, slot, classId);
  }
  const nowhere = absent.length === 0 ? [] : [`Counted as found nowhere: ${absent.join(', ')}.`];
  return { classesOfLabel, known: carried, notices: [...notices, ...nowhere] };
}

function truthOf(sample: Sample, imageId: number, classes: readonly string[]): GroundTruth[] {
  return sample.objects.map(({ className, boxXyxyPx, difficult, crowd = false }) => ({
    imageId,
    classId: classes.indexOf(className),
    boxXyxy: boxXyxyPx,
    // The VOC figures know no crowd: it counts neither for nor against there either.
    difficult: difficult || crowd,
    crowd,
    ignore: difficult || crowd,
  }));
}

function pictureOf(
  sample: Sample,
  found: readonly Detection[],
  classes: readonly string[],
  above: number,
): EvalPicture {
  const detections = found
    .filter(({ score }) => score > above)
    .toSorted((a, b) => b.score - a.score)
    .map(({ classId, score, boxXyxy }) => ({
      label: classes[classId] ?? '',
      labelId: classId,
      score,
      boxXyxyPx: boxXyxy,
    }));
  return { sampleId: sample.id, size: sample.size, truth: sample.objects, detections };
}
