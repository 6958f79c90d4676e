import { classColour } from '../src/base/class-colours.ts';
import { encodePicture } from '../src/platform/browser/encode-picture.ts';
import type { ExportPorts } from '../src/predict/export-model.ts';

/** A picture with its boxes, in the page's colours, for a model's card. */
export const drawFound: ExportPorts['draw'] = async (image, detections) => {
  const { drawnPicture } = await import('../src/ui/overlay/draw-boxes.ts');
  const drawn = await drawnPicture(await encodePicture(image), detections, (_, labelId) => classColour(labelId));
  return { ending: 'png', bytes: new Uint8Array(await drawn.arrayBuffer()) };
};
