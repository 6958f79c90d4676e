import { matchClassNames } from '../base/class-names.ts';
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
 * set does not have is left out. Throws `bad-data-set` where the weights lack a class of the data set, or no picture is left.
 */
export async function evaluateSplit(options: EvaluateOptions): Promise<SplitEvaluation> {
  const { limit, ...reading } = options;
  const { model, dataSet, split, keepPictures, keepScore = KEPT_SCORE, onProgress } = options;
  const classOfLabel = mapLabels(dataSet, model.config.labels);
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
        const classId = classOfLabel.get(labelId);
        return classId === undefined ? [] : [{ imageId, classId, score, boxXyxy: boxXyxyPx }];
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

/**
 * The data set's class for each label of the weights that it has. Throws `bad-data-set` where the weights lack a class of
 * the data set.
 */
export function mapLabels(dataSet: DataSet, labels: readonly string[]): Map<number, number> {
  const matches = matchClassNames(dataSet.classes, labels);
  const missing = dataSet.classes.filter((_, classId) => matches[classId] === null);
  if (missing.length > 0) {
    throw new StudioError(
      'bad-data-set',
      `The weights know no class ${missing.map((name) => `"${name}"`).join(', ')} of ${dataSet.name}; they know ${labels.slice(0, 40).join(', ')}. Evaluate with weights that were fine-tuned on this data set.`,
      { missing: missing.join(', ') },
    );
  }
  return new Map(matches.flatMap((label, classId) => (label === null ? [] : [[label, classId] as const])));
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
