import { memo, type ReactNode } from 'react';
import { useColoursOf } from '../class-colour.ts';
import type { JustifiedRow } from '../samples/justified-rows.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';
import { usePictureRows } from '../samples/use-picture-rows.ts';
import { useEvaluation } from '../studio.ts';
import type { RatedPicture } from './PicturesCard.tsx';

const GAP_PX = 8;
const CAPTION_PX = 24;
/** Below this width the caption has no room for the name. */
const NAMED_PX = 190;

export interface PicturesGridProps {
  readonly pictures: readonly RatedPicture[];
  readonly classes: readonly string[];
  readonly dataSetId: string;
  readonly confidence: number;
}

/** Pictures in rows that fill the width, as many in the page as can be seen. */
export function PicturesGrid({ pictures, classes, dataSetId, confidence }: PicturesGridProps): ReactNode {
  const { list, heightPx, shown } = usePictureRows<HTMLDivElement>({
    pictures,
    gapPx: GAP_PX,
    captionPx: CAPTION_PX,
    narrowPx: 110,
    widePx: 150,
  });
  const colourOf = useColoursOf(classes);
  return (
    <div ref={list} className="evaluated-grid" style={{ height: heightPx }}>
      {shown.map(({ index, row, topPx }) => (
        <GridRow
          key={index}
          topPx={topPx}
          row={row}
          pictures={pictures}
          colourOf={colourOf}
          dataSetId={dataSetId}
          confidence={confidence}
        />
      ))}
    </div>
  );
}

interface GridRowProps extends Omit<PicturesGridProps, 'classes'> {
  readonly topPx: number;
  readonly row: JustifiedRow;
  readonly colourOf: (className: string) => string;
}

const GridRow = memo(function GridRow(props: GridRowProps): ReactNode {
  const { topPx, row, pictures, colourOf, dataSetId, confidence } = props;
  const open = useEvaluation((state) => state.open);
  return (
    <div className="evaluated-row" style={{ transform: `translateY(${topPx}px)` }}>
      {row.widthsPx.map((widthPx, at) => {
        const picture = pictures[row.first + at];
        if (picture === undefined) return null;
        const { sampleId, size, truth, detections, wrong, missed } = picture;
        const found = detections.filter(({ score }) => score >= confidence);
        return (
          <div key={sampleId} className="evaluated-picture" style={{ width: widthPx }}>
            <div className="evaluated-frame" style={{ height: row.heightPx }}>
              <SampleThumbnail
                dataSetId={dataSetId}
                sampleId={sampleId}
                size={size}
                heightPx={Math.min(row.heightPx, (widthPx * size.h) / size.w)}
                truth={truth.map(({ className, boxXyxyPx }) => ({
                  colour: colourOf(className),
                  boxXyxyPx,
                }))}
                found={found.map(({ label, boxXyxyPx }) => ({ colour: colourOf(label), boxXyxyPx }))}
                label={`${sampleId}: ${faults(wrong, missed)}`}
                onClick={() => open(sampleId)}
              />
            </div>
            <div className="evaluated-caption small muted" title={sampleId}>
              {widthPx > NAMED_PX && <span>{sampleId}</span>}
              <span>{faults(wrong, missed)}</span>
            </div>
          </div>
        );
      })}
    </div>
  );
});

/** What is wrong with a picture: `2 wrong, 1 missed`. */
export function faults(wrong: number, missed: number): string {
  if (wrong === 0 && missed === 0) return 'all right';
  return [...(wrong > 0 ? [`${wrong} wrong`] : []), ...(missed > 0 ? [`${missed} missed`] : [])].join(', ');
}
