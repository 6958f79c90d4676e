import { StudioError } from '../../base/errors.ts';
import { readImageHeader } from '../../data/image-header.ts';
import { samplesOfSplit } from '../../data/picture-source.ts';
import { longestEdgeFor, resizedSize } from '../../data/resized-size.ts';
import type { AnnotatedObject, DataSet, Sample } from '../../data/types.ts';
import { withLabels } from '../../detr/config.ts';
import { type Checkpoint, writeCheckpoint } from '../checkpoint-files.ts';
import { metadataLine, objectsInside } from './metadata-line.ts';
import { PictureNames } from './picture-names.ts';
import { type TrainerContents, trainerReadme } from './readme.ts';
import { trainScript } from './train-script.ts';
import type { TrainerArguments, TrainerSettings } from './trainer-settings.ts';

/** Port: writes one file of the folder, whole or not at all; folders of its path are made. */
export type WriteFile = (path: string, bytes: Uint8Array) => Promise<void>;

export interface TrainerFolder {
  /** The start: with a head for the set's classes, in its order. */
  readonly checkpoint: Checkpoint;
  readonly weightsName: string;
  readonly dataSet: DataSet;
  readonly settings: TrainerSettings;
  readonly write: WriteFile;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The Trainer's name of a split, and ours. */
const SPLITS = [
  ['train', 'train'],
  ['validation', 'val'],
  ['test', 'test'],
] as const;

/**
 * Writes a folder that the Hugging Face Trainer goes on with: `model/`, `dataset/{train,validation,test}/` with the pictures as
 * they are and a metadata.jsonl, `dataset/labels.json`, train.py and README.md. Without a test split validation stands in.
 *
 * Throws `bad-data-set` where train or val has no box, `not-found` or `bad-image` for a picture, `cancelled`, and what
 * `write` throws.
 */
export async function writeTrainerFolder(folder: TrainerFolder): Promise<TrainerContents> {
  const { checkpoint, dataSet, settings, write, signal } = folder;
  const text = new TextEncoder();
  const testIsValidation = picturesOf(dataSet, 'test').length === 0;
  const splits = SPLITS.map(([name, ours]) => {
    return [name, picturesOf(dataSet, name === 'test' && testIsValidation ? 'val' : ours)] as const;
  });
  const total = splits.reduce((sum, [, samples]) => sum + samples.length, 0);
  const counts: TrainerContents['splits'][number][] = [];
  let difficultLeftOut = 0;
  let outsideLeftOut = 0;
  let done = 0;
  for (const [name, samples] of splits) {
    const kept = samples.map((sample) => ({ sample, ...keptObjects(sample, name !== 'train') }));
    const objects = kept.reduce((sum, { inside }) => sum + inside.length, 0);
    if (objects === 0) throw withoutBoxes(dataSet, name);
    // A copy leaves the same ones out again.
    const counted = name === 'test' && testIsValidation ? [] : kept;
    difficultLeftOut += counted.reduce((sum, { difficult }) => sum + difficult, 0);
    outsideLeftOut += counted.reduce((sum, { outside }) => sum + outside, 0);
    const names = new PictureNames();
    const lines: string[] = [];
    let id = 1;
    for (const [at, { sample, inside }] of kept.entries()) {
      signal?.throwIfAborted();
      const bytes = await dataSet.imageBytes(sample.id);
      const fileName = names.nameOf(sample.id, readImageHeader(bytes).format);
      await write(`dataset/${name}/${fileName}`, bytes);
      const picture = { fileName, imageId: at + 1, size: sample.size, objects: inside };
      lines.push(metadataLine(picture, dataSet.classes, id));
      id += inside.length;
      done += 1;
      folder.onProgress?.(done, total);
    }
    await write(`dataset/${name}/metadata.jsonl`, text.encode(`${lines.join('\n')}\n`));
    counts.push({ name, pictures: samples.length, objects });
  }
  const contents: TrainerContents = {
    ...{ dataName: dataSet.name, dataHash: dataSet.hash, weightsName: folder.weightsName },
    ...{ classes: dataSet.classes, splits: counts, testIsValidation, difficultLeftOut, outsideLeftOut },
  };
  await write('dataset/labels.json', text.encode(`${JSON.stringify(dataSet.classes)}\n`));
  for (const [name, bytes] of writeCheckpoint(forTrainer(checkpoint, settings))) await write(`model/${name}`, bytes);
  await write('train.py', text.encode(trainScript(settings)));
  await write('README.md', text.encode(trainerReadme(settings, trainerArguments(settings, dataSet), contents)));
  return contents;
}

/** The settings in the Trainer's terms: passes instead of steps, the longest edge instead of the shortest. */
export function trainerArguments(settings: TrainerSettings, dataSet: DataSet): TrainerArguments {
  const { steps, batch, accumulate, size } = settings;
  const samples = picturesOf(dataSet, 'train');
  const picturesPerStep = batch * accumulate;
  const edges = { shortestEdge: size, longestEdge: longestEdgeFor(size) };
  const longest = samples.map((sample) => resizedSize(sample.size, edges)).map(({ h, w }) => Math.max(h, w));
  return {
    epochs: Math.max(0.01, Math.round((100 * steps * picturesPerStep) / Math.max(1, samples.length)) / 100),
    picturesPerStep,
    squareSize: longest.reduce((most, edge) => Math.max(most, edge), size),
  };
}

/** The checkpoint with a config for training there: our dropout and auxiliary losses, and nothing fetched for the backbone. */
function forTrainer({ config, ...rest }: Checkpoint, { dropout }: TrainerSettings): Checkpoint {
  const { raw, ...labelled } = withLabels(config, config.labels);
  const { architectures = ['DetrForObjectDetection'], ...others } = raw;
  const backbone =
    'use_pretrained_backbone' in raw || raw.backbone_config == null ? { use_pretrained_backbone: false } : {};
  return {
    ...rest,
    config: { ...labelled, raw: { architectures, ...others, ...backbone, dropout, auxiliary_loss: true } },
  };
}

function picturesOf(dataSet: DataSet, split: string): readonly Sample[] {
  return dataSet.splits[split] === undefined ? [] : samplesOfSplit(dataSet, split);
}

function keptObjects(
  sample: Sample,
  measured: boolean,
): { readonly inside: readonly AnnotatedObject[]; readonly difficult: number; readonly outside: number } {
  const wanted = measured ? sample.objects.filter(({ difficult }) => !difficult) : sample.objects;
  const inside = objectsInside({ objects: wanted, size: sample.size });
  return { inside, difficult: sample.objects.length - wanted.length, outside: wanted.length - inside.length };
}

function withoutBoxes(dataSet: DataSet, split: string): StudioError {
  const message = `The split "${split}" of ${dataSet.name} has no box, and the Trainer cannot read one without; expected at least one. Label some of its pictures.`;
  return new StudioError('bad-data-set', message, { split });
}
