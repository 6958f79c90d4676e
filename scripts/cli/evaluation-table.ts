import type { EvaluationReport } from '../../src/metrics/types.ts';
import { figure } from './figure.ts';

const COCO_FIGURES = ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl', 'AR1', 'AR10', 'AR100', 'ARs', 'ARm', 'ARl'] as const;

/** An evaluation as lines for a terminal: the summary, then a row for each class; `-` where there is nothing to measure. */
export function reportLines({ voc, coco }: EvaluationReport): readonly string[] {
  const names = Object.keys(voc.per_class);
  const width = Math.max(5, ...names.map((name) => name.length));
  const row = (name: string, cells: readonly string[]) =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(8))].join('  ');
  return [
    `VOC   AP50 ${figure(voc.map50)} (11 points: ${figure(voc.map50_11_point)})`,
    `COCO  ${COCO_FIGURES.slice(0, 6)
      .map((name) => `${name} ${figure(coco[name])}`)
      .join('  ')}`,
    `      ${COCO_FIGURES.slice(6)
      .map((name) => `${name} ${figure(coco[name])}`)
      .join('  ')}`,
    '',
    row('class', ['boxes', 'VOC AP50', '11-point', 'COCO AP']),
    ...names.map((name) => {
      const { npos = 0, ap50 = null, ap50_11_point = null } = voc.per_class[name] ?? {};
      return row(name, [String(npos), figure(ap50), figure(ap50_11_point), figure(coco.per_class[name] ?? null)]);
    }),
  ];
}
