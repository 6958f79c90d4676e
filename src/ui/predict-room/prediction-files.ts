import type { Prediction } from '../../rpc/protocol.ts';
import type { ShownPicture } from '../../state/prediction.ts';
import { predictionVocXml } from '../../state/prediction-voc.ts';
import { shownDetections } from '../../state/shown-detections.ts';
import { uniqueNames, withEnding } from '../../state/unique-names.ts';
import type { ClassColour } from '../class-colour.ts';
import { drawnPicture } from '../overlay/draw-boxes.ts';

export type DownloadKind = 'pictures' | 'json' | 'voc';

/** A picture in which was looked for objects. */
export interface DonePicture extends ShownPicture {
  readonly prediction: Prediction;
}

/** True where there is something to download. */
export function isDone(picture: ShownPicture): picture is DonePicture {
  return picture.prediction !== null;
}

/** A PNG of one picture with the boxes above the threshold. Throws `bad-image`. */
export function drawnOne({ file, prediction }: DonePicture, threshold: number, colourOf: ClassColour): Promise<Blob> {
  return drawnPicture(
    file,
    shownDetections(prediction, threshold).map(({ detection }) => detection),
    colourOf,
  );
}

/** A zip of all pictures with their boxes drawn, or of the pictures with their annotations as a VOC data set. Throws `bad-image`. */
export async function zippedAll(
  pictures: readonly DonePicture[],
  kind: 'pictures' | 'voc',
  threshold: number,
  colourOf: ClassColour,
): Promise<Blob> {
  // Fetched when the first zip is asked for.
  const { downloadZip } = await import('client-zip');
  return downloadZip(
    kind === 'pictures' ? drawnFiles(pictures, threshold, colourOf) : vocFiles(pictures, threshold),
  ).blob();
}

/** One at a time, so that no two are drawn in memory at once. */
async function* drawnFiles(pictures: readonly DonePicture[], threshold: number, colourOf: ClassColour) {
  const names = uniqueNames(pictures.map(({ name }) => withEnding(name, '-boxes.png')));
  for (const [index, picture] of pictures.entries()) {
    yield { name: names[index] ?? picture.name, input: await drawnOne(picture, threshold, colourOf) };
  }
}

function* vocFiles(pictures: readonly DonePicture[], threshold: number) {
  // Annotations go by the picture's stem: two pictures may not differ in their endings alone.
  const stems = uniqueNames(pictures.map(({ name }) => withEnding(name, '')));
  for (const [index, { name, file, prediction }] of pictures.entries()) {
    const stem = stems[index] ?? name;
    const picture = `${stem}${name.slice(withEnding(name, '').length)}`;
    yield { name: `JPEGImages/${picture}`, input: file };
    yield { name: `Annotations/${stem}.xml`, input: predictionVocXml({ name: picture, prediction }, threshold) };
  }
}
