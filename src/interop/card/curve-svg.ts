import { escapeXml } from '../../base/escape-xml.ts';
import type { ModelFacts } from '../types.ts';

const WIDTH = 720;
const HEIGHT = 300;
const PLOT = { left: 56, right: 664, top: 44, bottom: 252 } as const;
/** More points than this cannot be told apart at this width. */
const MOST_POINTS = 400;
const LOSS = '#3b6fd4';
const AP = '#b3541e';

/** Loss and AP50 over the steps of a run as an SVG that stands alone; null where there is nothing to draw. */
export function curveSvg({ name, curve: { losses, evals } }: ModelFacts): string | null {
  const lastStep = Math.max(0, ...losses.map(({ step }) => step), ...evals.map(({ step }) => step));
  if (losses.length < 2 || lastStep === 0) return null;
  const points = meansOf(losses);
  const highest = Math.max(...points.map(({ loss }) => loss));
  const x = (step: number) => PLOT.left + (step / lastStep) * (PLOT.right - PLOT.left);
  const y = (share: number) => PLOT.bottom - share * (PLOT.bottom - PLOT.top);
  const aps = evals.flatMap(({ step, map50 }) => (map50 === null ? [] : [[x(step), y(map50)] as const]));
  const last = evals.at(-1)?.map50;
  const sentence = `The loss over ${lastStep} steps${last == null ? '' : `, and AP50, ${(last * 100).toFixed(1)} % in the end`}.`;
  const text = (atX: number, atY: number, said: string, more: string) =>
    `<text x="${atX}" y="${atY}" ${more}>${escapeXml(said)}</text>`;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    `<path d="M${PLOT.left} ${y(share)}H${PLOT.right}" stroke="#dcdcd8"/>`,
    text(PLOT.left - 8, y(share) + 4, (share * highest).toPrecision(2), `text-anchor="end" fill="${LOSS}"`),
    ...(aps.length > 0 ? [text(PLOT.right + 8, y(share) + 4, `${share * 100} %`, `fill="${AP}"`)] : []),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeXml(name)}</title><desc>${escapeXml(sentence)}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...grid,
    text(PLOT.left, 24, 'Loss', `font-weight="600" fill="${LOSS}"`),
    ...(aps.length > 0 ? [text(PLOT.right, 24, 'AP50', `font-weight="600" text-anchor="end" fill="${AP}"`)] : []),
    `<path d="${path(points.map(({ step, loss }) => [x(step), y(loss / highest)]))}" fill="none" stroke="${LOSS}" stroke-width="1.6"/>`,
    `<path d="${path(aps)}" fill="none" stroke="${AP}" stroke-width="2"/>`,
    ...aps.map(([cx, cy]) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="3.5" fill="${AP}"/>`),
    text(PLOT.left, PLOT.bottom + 22, '0', 'fill="#5c5c58"'),
    text(PLOT.right, PLOT.bottom + 22, `${lastStep} steps`, 'text-anchor="end" fill="#5c5c58"'),
    '</svg>',
    '',
  ].join('\n');
}

/** Few enough points, each the mean of its neighbours. */
function meansOf(losses: ModelFacts['curve']['losses']): { readonly step: number; readonly loss: number }[] {
  const each = Math.ceil(losses.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(losses.length / each) }, (_, i) => {
    const group = losses.slice(i * each, (i + 1) * each);
    const loss = group.reduce((sum, record) => sum + record.loss, 0) / group.length;
    return { step: group.at(-1)?.step ?? 0, loss };
  });
}

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`).join('');
}
