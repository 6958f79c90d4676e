import { Kbd, Modal, Table } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { LABEL_KEYS } from '../../state/labelling/keys.ts';
import { useStudio } from '../studio.ts';
import { goTo } from './hash-location.ts';
import { ROOM_KEYS } from './room-keys.ts';
import { LABEL_PATH, ROOMS } from './rooms.tsx';
import { shortcutReader } from './shortcuts.ts';

const TYPED_INTO =
  'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable]';
const WORKED_BY_SPACE = 'button, a, summary, input, [role=button], [role=checkbox], [role=tab], [role=option], video';

/** The keys that work in every room, and the list of them. */
export function Shortcuts(): ReactNode {
  const { run } = useStudio();
  const [listed, setListed] = useState(false);
  const [path] = useLocation();
  const isLabelling = path === LABEL_PATH;
  useEffect(() => {
    const read = shortcutReader();
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : document.body;
      // A dialog has the keys to itself.
      if (target.closest('[role=dialog]') !== null) return;
      const action = read({
        key: event.key,
        modified: event.ctrlKey || event.altKey || event.metaKey,
        typing: target.closest(TYPED_INTO) !== null,
        onControl: target.closest(WORKED_BY_SPACE) !== null,
        atMs: event.timeStamp,
      });
      if (action === null) return;
      if (action.kind === 'go') goTo(action.path);
      if (action.kind === 'list') setListed(true);
      if (action.kind === 'pause') {
        const { phase, pause, resume } = run.getState();
        if (phase !== 'running' && phase !== 'paused') return;
        void (phase === 'running' ? pause() : resume());
      }
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [run]);

  return (
    <Modal opened={listed} onClose={() => setListed(false)} title="Keys" size={isLabelling ? 'xl' : 'md'}>
      {isLabelling && <LabelKeys />}
      <Table>
        <Table.Tbody>
          {Object.entries(ROOM_KEYS).map(([key, path]) => (
            <KeyRow
              key={key}
              keys={['g', key]}
              does={`Go to ${ROOMS.find((room) => room.path === path)?.name ?? path}`}
            />
          ))}
          <KeyRow keys={['Space']} does="Pause or resume the run" />
          <KeyRow keys={['?']} does="Show this list" />
          <KeyRow keys={['Esc']} does="Close a dialog" />
        </Table.Tbody>
      </Table>
      <p className="muted small keys-note">
        Keys of a single room stand beside what they move: arrow keys go from picture to picture and from box to box.
      </p>
    </Modal>
  );
}

/** The keys of the editor of boxes, above those of every room. */
function LabelKeys(): ReactNode {
  return LABEL_KEYS.map(({ title, keys }) => (
    <section key={title} className="keys-group">
      <h2>{title}</h2>
      <dl>
        {keys.map(({ keys: names, does }) => (
          <div key={does}>
            <dt>
              {names.map((name) => (
                <Kbd key={name} size="xs">
                  {name}
                </Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

function KeyRow({ keys, does }: { readonly keys: readonly string[]; readonly does: string }): ReactNode {
  return (
    <Table.Tr>
      <Table.Td w={110}>
        {keys.map((key, index) => (
          <span key={key}>
            {index > 0 && <span className="muted small"> then </span>}
            <Kbd size="xs">{key}</Kbd>
          </span>
        ))}
      </Table.Td>
      <Table.Td>{does}</Table.Td>
    </Table.Tr>
  );
}
