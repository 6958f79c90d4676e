import type { ReactNode } from 'react';
import type { EvaluationReport } from '../../rpc/protocol.ts';
import { fixed } from '../numbers.ts';
import './figures.css';

type Coco = EvaluationReport['coco'];

const PRECISION = [
  ['AP', 'overlap 0.50 to 0.95'],
  ['AP50', 'overlap 0.50'],
  ['AP75', 'overlap 0.75'],
  ['APs', 'small objects'],
  ['APm', 'medium objects'],
  ['APl', 'large objects'],
] as const;

const RECALL = [
  ['AR1', 'best 1 a picture'],
  ['AR10', 'best 10 a picture'],
  ['AR100', 'best 100 a picture'],
  ['ARs', 'small objects'],
  ['ARm', 'medium objects'],
  ['ARl', 'large objects'],
] as const;

/** The twelve figures of the COCO protocol. */
export function CocoFigures({ coco }: { readonly coco: Coco }): ReactNode {
  return (
    <section className="card evaluate-card" aria-labelledby="coco-title">
      <div className="evaluate-card-head">
        <h2 id="coco-title">COCO figures</h2>
        <span className="small muted">small to 32² px, large from 96² px</span>
      </div>
      <div className="coco-tables">
        <Figures caption="Average precision" rows={PRECISION} coco={coco} />
        <Figures caption="Average recall" rows={RECALL} coco={coco} />
      </div>
    </section>
  );
}

interface FiguresProps {
  readonly caption: string;
  readonly rows: typeof PRECISION | typeof RECALL;
  readonly coco: Coco;
}

function Figures({ caption, rows, coco }: FiguresProps): ReactNode {
  return (
    <table className="coco-table">
      <caption className="only-read-aloud">{caption}</caption>
      <tbody>
        {rows.map(([key, meaning]) => (
          <tr key={key}>
            <th scope="row">
              {key}
              <span className="muted">{meaning}</span>
            </th>
            <td>{fixed(coco[key], 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
