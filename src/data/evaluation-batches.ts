import { bucketFor, shapeOf } from './buckets.ts';
import { type BatchItem, collate } from './collate.ts';
import { createPictureSource, type PictureReading, samplesOfSplit } from './picture-source.ts';
import { pictureWorkHere } from './picture-work.ts';
import { resizedSize } from './resized-size.ts';
import { labelsOf, toTarget } from './transforms.ts';
import type { Batch, Sample } from './types.ts';
import { wholeView } from './view-plan.ts';

export interface EvaluationOptions extends PictureReading {
  readonly split: string;
  /** Pictures a batch at most: fewer at the end, and where sizes change. */
  readonly batch: number;
  /** Only the first so many pictures of the split. */
  readonly limit?: number;
  /**
   * The label ids to give to class names: the data set's own where left out. A name that is not in it has no target, but
   * stays in the sample.
   */
  readonly classIds?: ReadonlyMap<string, number>;
  readonly signal?: AbortSignal;
}

export interface EvaluationBatch {
  readonly batch: Batch;
  /** In the order of the batch. */
  readonly samples: readonly Sample[];
}

interface Loaded extends BatchItem {
  readonly sample: Sample;
}

/**
 * Each usable picture of a split once, unmirrored, in batches of one padded size, sorted by shape and length so that
 * batches are full and padding is little. The next batch is decoded while the one before is used. A picture that cannot be
 * decoded is reported and left out.
 */
export async function* evaluationBatches(options: EvaluationOptions): AsyncGenerator<EvaluationBatch, void, void> {
  const { dataSet, preprocessor, batch, signal, work = pictureWorkHere(options.decode) } = options;
  const picture = createPictureSource(options);
  const classIds = options.classIds ?? new Map(dataSet.classes.map((name, id) => [name, id]));

  const load = async (sample: Sample): Promise<Loaded | null> => {
    const image = await picture(sample);
    if (image === null) return null;
    const known = sample.objects.filter(({ className }) => classIds.has(className));
    const target = toTarget(labelsOf(known, sample.size, classIds));
    return { sample, sampleId: sample.id, image, plan: wholeView(resizedSize(sample.size, preprocessor)), target };
  };
  const prepare = async (samples: readonly Sample[]): Promise<EvaluationBatch | null> => {
    const loaded = (await Promise.all(samples.map(load))).filter((item) => item !== null);
    const first = loaded[0];
    if (first === undefined) return null;
    const size = bucketFor(
      loaded.map(({ plan }) => plan.size),
      shapeOf(first.plan.size),
      preprocessor,
    );
    return { batch: await collate(loaded, size, { preprocessor, work }), samples: loaded.map(({ sample }) => sample) };
  };

  const groups = groupBySize(samplesOfSplit(dataSet, options.split).slice(0, options.limit), batch, preprocessor);
  let ahead = start(groups[0], prepare);
  for (let i = 0; i < groups.length; i += 1) {
    const current = ahead;
    signal?.throwIfAborted();
    const prepared = await current;
    ahead = start(groups[i + 1], prepare);
    if (prepared !== null) yield prepared;
  }
}

function start(
  group: readonly Sample[] | undefined,
  prepare: (samples: readonly Sample[]) => Promise<EvaluationBatch | null>,
): Promise<EvaluationBatch | null> {
  const prepared = group === undefined ? Promise.resolve(null) : prepare(group);
  // Whoever asks for it hears of the failure; until then it is not unhandled.
  prepared.catch(() => undefined);
  return prepared;
}

function groupBySize(samples: readonly Sample[], batch: number, edges: PictureReading['preprocessor']): Sample[][] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const size = resizedSize(sample.size, edges);
    const { h, w } = bucketFor([size], shapeOf(size), edges);
    const key = `${h}x${w}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return [...groups.values()].flatMap((group) => {
    const batches: Sample[][] = [];
    for (let i = 0; i < group.length; i += batch) batches.push(group.slice(i, i + batch));
    return batches;
  });
}
