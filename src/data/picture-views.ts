import { StudioError } from '../base/errors.ts';
import { applyPixels, viewTarget } from './apply-view.ts';
import { shapeOf } from './buckets.ts';
import { drawnView } from './drawn-view.ts';
import { type FirstViewsPorts, NOT_NORMALISED, seenBoxes } from './first-views.ts';
import { frozenView } from './frozen-view.ts';
import { samplesOfSplit } from './picture-source.ts';
import { pictureWorkHere, refuseOtherSize } from './picture-work.ts';
import { longestEdgeFor, resizedSize } from './resized-size.ts';
import { createSampler } from './sampler.ts';
import { labelsOf } from './transforms.ts';
import type { DataSet, PictureViewsRequest, RgbImage, Sample, SeenView, Target } from './types.ts';

/**
 * The views of one picture that a run with these settings would draw first, one an epoch, made as training makes them; with a
 * frozen backbone the few views that it has, each once. A picture outside of the split is taken as one more of it.
 * Throws `not-found` for a picture or a split that the set lacks, `bad-image`.
 */
export async function pictureViews<Picture>(
  dataSet: DataSet,
  request: PictureViewsRequest,
  { decode, encode }: FirstViewsPorts<Picture>,
): Promise<SeenView<Picture>[]> {
  const sample = dataSet.samples.find(({ id }) => id === request.sampleId);
  if (sample === undefined) {
    const message = `${dataSet.name} has no picture "${request.sampleId}".`;
    throw new StudioError('not-found', message, { sampleId: request.sampleId });
  }
  const { size } = request;
  const preprocessor = { ...NOT_NORMALISED, shortestEdge: size, longestEdge: longestEdgeFor(size) };
  const classes = new Map(dataSet.classes.map((name, id) => [name, id]));
  const bytes = await dataSet.imageBytes(sample.id);
  const views: SeenView<Picture>[] = [];
  const show = async (drawn: number, image: RgbImage, target: Target) => {
    const boxes = seenBoxes(target, image.size);
    views.push({ sampleId: sample.id, drawn, picture: await encode(image), size: image.size, boxes });
  };
  if (request.frozenViews !== null) {
    const image = await decode(bytes);
    refuseOtherSize(image.size, sample.size);
    const labels = labelsOf(sample.objects, sample.size, classes);
    for (let view = 0; view < request.frozenViews; view += 1) {
      const plan = frozenView(request.seed, sample.id, view, labels, preprocessor);
      await show(view, applyPixels(image, plan), viewTarget(labels, plan));
    }
    return views;
  }
  const kept = await pictureWorkHere(decode).keep(bytes, sample.size, preprocessor);
  const { augment, seed } = request;
  for (const drawn of timesDrawn(dataSet, sample, request)) {
    const { plan, target } = drawnView(sample, kept.size, drawn, { augment, seed, preprocessor, classes });
    await show(drawn, applyPixels(kept, plan), target);
  }
  return views;
}

/** As which pictures of the run a picture is drawn, in the first `count` epochs. */
function timesDrawn(dataSet: DataSet, sample: Sample, { split, seed, size, count }: PictureViewsRequest): number[] {
  const inSplit = samplesOfSplit(dataSet, split);
  const at = inSplit.findIndex(({ id }) => id === sample.id);
  const samples = at < 0 ? [...inSplit, sample] : inSplit;
  const edges = { shortestEdge: size, longestEdge: longestEdgeFor(size) };
  const sampler = createSampler(
    samples.map((each) => shapeOf(resizedSize(each.size, edges))),
    1,
    seed,
  );
  const wanted = at < 0 ? inSplit.length : at;
  const drawn: number[] = [];
  while (drawn.length < count) {
    for (const pick of sampler.next().picks) if (pick.index === wanted) drawn.push(pick.drawn);
  }
  return drawn;
}
