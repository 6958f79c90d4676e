import { StudioError } from '../base/errors.ts';
import { evaluateCoco } from './coco-ap.ts';
import type { Detection, EvaluationReport, GroundTruth } from './types.ts';
import { evaluateVoc } from './voc-ap.ts';

/** What is to be evaluated: boxes in pixels, class ids that index `classes`. */
export interface EvaluationInput {
  readonly detections: readonly Detection[];
  readonly groundTruth: readonly GroundTruth[];
  /** Each name once. */
  readonly classes: readonly string[];
}

/**
 * VOC figures at overlap 0.5 with continuous widths, and COCO's twelve, of all classes and of each by name. Throws
 * `non-finite` where a box or a score is no number, `internal` where a class id has no name.
 */
export function evaluateDetections({ detections, groundTruth, classes }: EvaluationInput): EvaluationReport {
  for (const detection of detections) {
    checkBox(detection, classes.length, 'detection');
    if (!Number.isFinite(detection.score)) {
      throw new StudioError(
        'non-finite',
        `A detection in image ${detection.imageId} has the score ${detection.score}; a score is a finite number. The weights are not usable.`,
        { imageId: detection.imageId },
      );
    }
  }
  for (const box of groundTruth) checkBox(box, classes.length, 'true box');

  const voc = evaluateVoc(detections, groundTruth, classes.length);
  const coco = evaluateCoco(detections, groundTruth, classes.length);
  const byName = <T>(read: (classId: number) => T): Record<string, T> =>
    Object.fromEntries(classes.map((name, classId) => [name, read(classId)]));
  return {
    voc: {
      map50: voc.map,
      map50_11_point: voc.map11Point,
      per_class: byName((classId) => {
        const result = voc.perClass[classId];
        return { ap50: result?.ap ?? null, ap50_11_point: result?.ap11Point ?? null, npos: result?.npos ?? 0 };
      }),
    },
    coco: { ...coco.summary, per_class: byName((classId) => coco.perClass[classId]?.AP ?? null) },
  };
}

function checkBox(box: Pick<Detection, 'imageId' | 'classId' | 'boxXyxy'>, classCount: number, what: string): void {
  const { imageId, classId, boxXyxy } = box;
  if (!boxXyxy.every(Number.isFinite)) {
    throw new StudioError(
      'non-finite',
      `A ${what} in image ${imageId} has the corners [${boxXyxy.join(', ')}]; they must be finite numbers.`,
      { imageId },
    );
  }
  if (!Number.isInteger(classId) || classId < 0 || classId >= classCount) {
    throw new StudioError(
      'internal',
      `A ${what} in image ${imageId} has the class id ${classId} of ${classCount} classes.`,
      {
        imageId,
        classId,
      },
    );
  }
}
