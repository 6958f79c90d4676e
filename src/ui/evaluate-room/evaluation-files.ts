import type { OperatingPoint } from '../../metrics/types.ts';
import type { EvaluationResult } from '../../rpc/protocol.ts';
import type { EvaluatedChoice } from '../../state/evaluation.ts';

/** Figures and what they are of. */
export interface EvaluationOf {
  readonly result: Pick<EvaluationResult, 'report' | 'classes' | 'pictures'>;
  readonly resultOf: Pick<EvaluatedChoice, 'name' | 'split'>;
  readonly setName: string;
  readonly best: OperatingPoint | null;
}

/** What `evaluate` prints, with what it is of: a JSON document. */
export function evaluationJson({ result, resultOf, setName, best }: EvaluationOf): string {
  const { voc, coco } = result.report;
  const of = {
    weights: resultOf.name,
    data_set: setName,
    split: resultOf.split,
    images: result.pictures.length,
    best_f1: best,
  };
  return `${JSON.stringify({ ...of, voc, coco }, null, 2)}\n`;
}

const COCO_FIGURES = ['AP50', 'AP75', 'APs', 'APm', 'APl', 'AR1', 'AR10', 'AR100', 'ARs', 'ARm', 'ARl'] as const;

/** The figures as a table: all classes together first, which alone has COCO's further figures. Empty where there is none. */
export function evaluationCsv({ result }: EvaluationOf): string {
  const { voc, coco } = result.report;
  const objects = result.classes.reduce((sum, name) => sum + (voc.per_class[name]?.npos ?? 0), 0);
  const rows: (string | number | null)[][] = [
    ['class', 'objects', 'voc_ap50', 'voc_ap50_11_point', 'coco_AP', ...COCO_FIGURES.map((name) => `coco_${name}`)],
    ['all classes', objects, voc.map50, voc.map50_11_point, coco.AP, ...COCO_FIGURES.map((name) => coco[name])],
    ...result.classes.map((name) => {
      const figures = voc.per_class[name];
      const own = [figures?.npos ?? 0, figures?.ap50 ?? null, figures?.ap50_11_point ?? null];
      return [name, ...own, coco.per_class[name] ?? null, ...COCO_FIGURES.map(() => null)];
    }),
  ];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** RFC 4180: quoted where it must be. A name that a spreadsheet would take for a formula is set off by an apostrophe. */
function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
