import { Popover, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CLASS_COLOURS, COLOUR_NAMES } from '../../base/class-colours.ts';
import { useClassColour } from '../class-colour.ts';
import { usePreferences } from '../studio.ts';

export interface ClassColourButtonProps {
  readonly name: string;
  readonly labelId: number;
}

/** The colour of a class, and the palette behind it: what is chosen holds for classes of this name wherever they are drawn. */
export function ClassColourButton({ name, labelId }: ClassColourButtonProps): ReactNode {
  const colourOf = useClassColour();
  const chosen = usePreferences((state) => state.classColours);
  const choose = usePreferences((state) => state.setClassColour);
  const [opened, setOpened] = useState(false);
  const colour = colourOf(name, labelId);
  const take = (place: number | null): void => {
    choose(name, place);
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className="class-colour"
          aria-label={`Colour of ${name}`}
          title={`Colour of ${name}`}
          style={{ background: colour }}
          onClick={() => setOpened(!opened)}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <div className="class-palette">
          {CLASS_COLOURS.map((other, place) => (
            <UnstyledButton
              key={other}
              className="class-colour"
              aria-label={COLOUR_NAMES[place]}
              title={COLOUR_NAMES[place]}
              aria-pressed={other === colour}
              style={{ background: other }}
              onClick={() => take(place)}
            />
          ))}
        </div>
        {Object.hasOwn(chosen, name) && (
          <UnstyledButton className="more small" onClick={() => take(null)}>
            As its place in the list has it
          </UnstyledButton>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
