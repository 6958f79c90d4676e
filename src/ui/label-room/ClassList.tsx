import { type KeyboardEvent, memo, type ReactNode, type RefObject, useMemo, useState } from 'react';
import { digitOf } from '../../state/labelling/keys.ts';
import { whole } from '../numbers.ts';
import { useStudio } from '../studio.ts';
import { useBoxColour, useLabelling } from './label-context.ts';
import { keepFocus } from './Tools.tsx';

export interface ClassListProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly stageElement: RefObject<HTMLElement | null>;
}

interface Choice {
  readonly name: string;
  /** -1 for a name that is not in the list yet. */
  readonly labelId: number;
}

/** The classes with their digits, colours and counts. Typing finds one, or adds it; Enter takes the marked one. */
export function ClassList({ input, stageElement }: ClassListProps): ReactNode {
  const { labelling } = useStudio();
  const classes = useLabelling((state) => state.classes);
  const chosen = useLabelling((state) => state.chosenClass);
  const counts = useLabelling((state) => state.tally.boxesByClass);
  const mayEdit = useLabelling((state) => state.access === 'editing');
  const isReady = useLabelling((state) => state.phase === 'ready');
  const isWaited = useLabelling((state) => state.classless !== null);
  const colourOf = useBoxColour();
  const [typed, setTyped] = useState('');
  const [marked, setMarked] = useState(0);
  const wanted = typed.trim().normalize('NFC');
  const choices = useMemo(() => matching(classes, wanted, mayEdit), [classes, wanted, mayEdit]);
  const at = Math.min(marked, Math.max(choices.length - 1, 0));
  const isFinding = wanted !== '';

  const take = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    if (choice.labelId < 0) labelling.getState().addClass(choice.name);
    else labelling.getState().choose(choice.name);
    setTyped('');
    setMarked(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setMarked(Math.min(at + 1, choices.length - 1));
    else if (event.key === 'ArrowUp') setMarked(Math.max(at - 1, 0));
    else if (event.key === 'Enter') {
      take(choices[at]);
      stageElement.current?.focus({ preventScroll: true });
    } else if (event.key === 'Escape') {
      setTyped('');
      stageElement.current?.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
  };
  const hint =
    isWaited && mayEdit
      ? 'Type the name of the new box’s class, then Enter.'
      : classes.length === 0 && isReady && mayEdit
        ? 'No classes yet: type the name of the first one, then Enter.'
        : null;

  return (
    <section className="label-classes" aria-labelledby="label-classes-title">
      <h2 id="label-classes-title">
        Classes <span className="muted">{classes.length}</span>
      </h2>
      <input
        ref={input}
        className="label-find"
        role="combobox"
        aria-label="Find or add a class"
        aria-expanded="true"
        aria-controls="label-class-options"
        aria-autocomplete="list"
        aria-activedescendant={choices[at] === undefined ? undefined : `label-class-${at}`}
        placeholder={mayEdit ? 'Find or add (c)' : 'Find (c)'}
        value={typed}
        maxLength={200}
        onChange={(event) => {
          setTyped(event.target.value);
          setMarked(0);
        }}
        onFocus={() => setMarked(0)}
        onKeyDown={onKeyDown}
      />
      {hint !== null && <p className="small label-hint">{hint}</p>}
      <div id="label-class-options" className="label-list" role="listbox" aria-label="Classes" tabIndex={-1}>
        {choices.map((choice, place) => (
          <ClassOption
            key={choice.name}
            id={`label-class-${place}`}
            choice={choice}
            colour={colourOf(choice.name)}
            count={counts.get(choice.name) ?? 0}
            chosen={choice.name === chosen}
            marked={isFinding && place === at}
            onTake={take}
          />
        ))}
      </div>
      {choices.length === 0 && classes.length > 0 && <p className="small muted">No class of this name.</p>}
    </section>
  );
}

interface ClassOptionProps {
  readonly id: string;
  readonly choice: Choice;
  readonly colour: string;
  readonly count: number;
  readonly chosen: boolean;
  readonly marked: boolean;
  readonly onTake: (choice: Choice) => void;
}

const ClassOption = memo(function ClassOption(props: ClassOptionProps): ReactNode {
  const { id, choice, colour, count, chosen, marked, onTake } = props;
  const isNew = choice.labelId < 0;
  const digit = isNew ? null : digitOf(choice.labelId);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys of this list, as a combobox does.
    <div
      id={id}
      className="label-row"
      role="option"
      aria-selected={chosen}
      aria-label={
        isNew ? `Add ${choice.name}` : `${choice.name}, ${count} boxes${digit === null ? '' : `, key ${digit}`}`
      }
      tabIndex={-1}
      data-marked={marked}
      onPointerDown={keepFocus}
      onClick={() => onTake(choice)}
    >
      {isNew ? <i className="label-plus">+</i> : <i style={{ background: colour }} />}
      <span className="label-class-name">{isNew ? `Add “${choice.name}”` : choice.name}</span>
      {!isNew && <span className="small muted">{whole(count)}</span>}
      {digit !== null && <kbd>{digit}</kbd>}
    </div>
  );
}, sameOption);

function sameOption(a: ClassOptionProps, b: ClassOptionProps): boolean {
  return (
    a.choice.name === b.choice.name &&
    a.choice.labelId === b.choice.labelId &&
    a.colour === b.colour &&
    a.count === b.count &&
    a.chosen === b.chosen &&
    a.marked === b.marked &&
    a.id === b.id
  );
}

/** The classes whose names have what was typed, an exact one first; then the offer to add it, where none is called so. */
function matching(classes: readonly string[], wanted: string, mayAdd: boolean): Choice[] {
  const all = classes.map((name, labelId) => ({ name, labelId }));
  if (wanted === '') return all;
  const lower = wanted.toLowerCase();
  const found = all.filter(({ name }) => name.toLowerCase().includes(lower));
  const rank = ({ name }: Choice): number =>
    name === wanted ? 0 : name.toLowerCase() === lower ? 1 : name.toLowerCase().startsWith(lower) ? 2 : 3;
  found.sort((a, b) => rank(a) - rank(b));
  const isKnown = classes.includes(wanted);
  return isKnown || !mayAdd ? found : [...found, { name: wanted, labelId: -1 }];
}
