import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { toStudioError } from '../../base/errors.ts';
import type { ShownPicture } from '../../state/prediction.ts';
import { predictionVocXml } from '../../state/prediction-voc.ts';
import { predictionsJson } from '../../state/shown-detections.ts';
import { withEnding } from '../../state/unique-names.ts';
import { useClassColour } from '../class-colour.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { usePrediction, usePreferences } from '../studio.ts';
import { type DownloadKind, drawnOne, isDone, zippedAll } from './prediction-files.ts';

/** What was found, as a picture with the boxes drawn, JSON or VOC XML: of the selected picture, and of all. */
export function Downloads({ picture }: { readonly picture: ShownPicture }): ReactNode {
  const pictures = usePrediction((state) => state.pictures);
  const threshold = usePreferences((state) => state.threshold);
  const colourOf = useClassColour();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const done = pictures.filter(isDone);

  const make = async (what: string, work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setProblem(null);
    try {
      await work();
    } catch (thrown) {
      setProblem(toStudioError(thrown).message);
    }
    setBusy(null);
  };

  const one = (kind: DownloadKind) =>
    make(`one ${kind}`, async () => {
      if (!isDone(picture)) return;
      const { name } = picture;
      if (kind === 'json') download(`${name}.json`, [predictionsJson([picture], threshold)], 'application/json');
      else if (kind === 'voc') {
        download(withEnding(name, '.xml'), [predictionVocXml(picture, threshold)], 'application/xml');
      } else download(withEnding(name, '-boxes.png'), [await drawnOne(picture, threshold, colourOf)], 'image/png');
    });

  const all = (kind: DownloadKind) =>
    make(`all ${kind}`, async () => {
      if (kind === 'json') download('predictions.json', [predictionsJson(done, threshold)], 'application/json');
      else download(`predictions-${kind}.zip`, [await zippedAll(done, kind, threshold, colourOf)], 'application/zip');
    });

  const button = (label: string, name: string, what: string, onClick: () => Promise<void>) => (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={name}
      loading={busy === what}
      disabled={busy !== null && busy !== what}
      onClick={() => void onClick()}
    >
      {label}
    </Button>
  );

  return (
    <>
      {isDone(picture) && (
        <div className="downloads">
          <span className="muted small">Download this picture as</span>
          {button('Picture', 'Download picture', 'one pictures', () => one('pictures'))}
          {button('JSON', 'Download JSON', 'one json', () => one('json'))}
          {button('VOC XML', 'Download VOC XML', 'one voc', () => one('voc'))}
        </div>
      )}
      {done.length > 1 && (
        <div className="downloads">
          <span className="muted small">Download all {done.length} as</span>
          {button('Pictures', 'Download all pictures', 'all pictures', () => all('pictures'))}
          {button('JSON', 'Download all as JSON', 'all json', () => all('json'))}
          {button('VOC XML', 'Download all as VOC XML', 'all voc', () => all('voc'))}
        </div>
      )}
      {problem !== null && <ErrorNote title="Nothing was downloaded" message={problem} />}
    </>
  );
}
