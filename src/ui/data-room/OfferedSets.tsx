import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { bytesText } from '../../base/bytes-text.ts';
import { newOffers } from '../../state/library.ts';
import { counted } from '../numbers.ts';
import { useLibrary } from '../studio.ts';

/** Sets in shards that the studio's own server has and this browser has not; nothing where there are none. */
export function OfferedSets(): ReactNode {
  const offers = useLibrary(useShallow(newOffers));
  const importing = useLibrary((state) => state.importing !== null);
  const importFrom = useLibrary((state) => state.importFrom);
  if (offers.length === 0) return null;
  return (
    <section className="offered" aria-labelledby="offered-title">
      <h2 id="offered-title">
        {isThisComputer(window.location.hostname) ? "On this computer's disk" : 'On this site'}
      </h2>
      <ul>
        {offers.map(({ url, name, images, bytes }) => (
          <li key={url}>
            <div>
              <span className="set-name">{name}</span>
              <span className="set-line">
                {counted(images, 'image', 'images')}, {bytesText(bytes)}
              </span>
            </div>
            <Button
              variant="default"
              size="compact-sm"
              disabled={importing}
              aria-label={`Import ${name}`}
              onClick={() => void importFrom({ kind: 'address', url })}
            >
              Import
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isThisComputer(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1' || host === '[::1]';
}
