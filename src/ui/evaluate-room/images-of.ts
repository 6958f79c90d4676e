import type { ImageBoxes } from '../../metrics/types.ts';
import type { EvaluationResult } from '../../rpc/protocol.ts';

/** The boxes of each picture of a result, by class ids; picture `i` is image `i`. */
export function imagesOf({ pictures, classes }: Pick<EvaluationResult, 'pictures' | 'classes'>): ImageBoxes[] {
  const idOf = new Map(classes.map((name, id) => [name, id]));
  return pictures.map(({ detections, truth }) => ({
    detections: detections.map(({ labelId, score, boxXyxyPx }) => ({ classId: labelId, score, boxXyxy: boxXyxyPx })),
    truth: truth.flatMap(({ className, boxXyxyPx, difficult, crowd = false }) => {
      const classId = idOf.get(className);
      return classId === undefined ? [] : [{ classId, boxXyxy: boxXyxyPx, difficult: difficult || crowd }];
    }),
  }));
}
