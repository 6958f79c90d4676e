import type { ReactNode } from 'react';
import { useClassColour } from '../class-colour.ts';
import { BoxOverlay, type OverlayBox } from '../overlay/BoxOverlay.tsx';
import type { ShownView } from '../samples/shelves.ts';

export interface SeenPictureProps {
  readonly view: ShownView;
  /** In the order of their label ids. */
  readonly classes: readonly string[];
  /** Of the labels, in CSS pixels. */
  readonly fontPx: number;
}

/** A picture as training gets it, with the boxes that it learns. */
export function SeenPicture({ view, classes, fontPx }: SeenPictureProps): ReactNode {
  const { sampleId, url, size, boxes } = view;
  const colourOf = useClassColour();
  const names = boxes.map(({ classId }) => classes[classId] ?? '').join(', ');
  const drawn = boxes.map(
    ({ classId, boxXyxyPx }, index): OverlayBox => ({
      key: `${index}`,
      colour: colourOf(classes[classId] ?? '', classId),
      text: classes[classId] ?? '',
      boxXyxyPx,
      style: 'found',
    }),
  );
  return (
    <BoxOverlay
      url={url}
      description={`${sampleId}: ${names === '' ? 'nothing' : names}`}
      size={size}
      boxes={drawn}
      fontPx={fontPx}
    />
  );
}
