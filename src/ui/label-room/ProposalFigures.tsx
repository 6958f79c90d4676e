import { type ReactNode, useMemo } from 'react';
import { type ProposalTally, proposalTallies } from '../../state/suggesting/tally.ts';
import { counted } from '../numbers.ts';
import { useSuggestions } from '../studio.ts';

/** More would be a table: the Runs room has one. */
const MOST_SHOWN = 5;

const PARTS = [
  { part: 'accepted', words: 'accepted' },
  { part: 'changed', words: 'changed' },
  { part: 'refused', words: 'refused' },
  { part: 'left', words: 'left open' },
  { part: 'drawn', words: 'drawn by hand' },
] as const;

/** What became of the proposals in this set, by the weights that made them: the user's own measure of how good these are. */
export function ProposalFigures(): ReactNode {
  const records = useSuggestions((state) => state.records);
  const tallies = useMemo(() => proposalTallies(records).slice(-MOST_SHOWN), [records]);
  if (tallies.length === 0) return null;
  return (
    <section className="proposal-figures" aria-label="How good the suggestions were">
      <ul>
        {tallies.map((tally) => (
          <Tally key={tally.weights} tally={tally} />
        ))}
      </ul>
    </section>
  );
}

function Tally({ tally }: { readonly tally: ProposalTally }): ReactNode {
  const { name, pictures, right } = tally;
  const parts = PARTS.filter(({ part }) => tally[part] > 0);
  const words = parts.map(({ part, words: what }) => `${tally[part]} ${what}`).join(', ');
  return (
    <li title={`${counted(pictures, 'picture', 'pictures')}: ${words}`}>
      <span className="proposal-name small">{name}</span>
      <span className="small proposal-right">{right === null ? '' : `${Math.round(100 * right)} % right`}</span>
      <span className="proposal-bar" aria-hidden="true">
        {parts.map(({ part }) => (
          <i key={part} data-part={part} style={{ flexGrow: tally[part] }} />
        ))}
      </span>
      <span className="small muted proposal-words">{words === '' ? 'nothing was there' : words}</span>
    </li>
  );
}
