import { z } from 'zod';
import { toStudioError } from '../../base/errors.ts';
import { readImageHeader } from '../../data/image-header.ts';
import type { FileTree } from '../../data/types.ts';
import { readCheckpointFiles } from '../checkpoint-files.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from '../checkpoint-names.ts';
import { checkMetadata } from './check-metadata.ts';

const SPLITS = ['train', 'validation', 'test'] as const;
const labelsSchema = z.array(z.string().min(1)).min(1);
const configSchema = z.looseObject({
  model_type: z.literal('detr'),
  architectures: z.tuple([z.literal('DetrForObjectDetection')]),
  id2label: z.record(z.string(), z.string()),
  label2id: z.record(z.string(), z.number()),
  use_pretrained_backbone: z.literal(false).optional(),
});

/** Flags without which the example script measures wrongly, or not at all. */
const FLAGS = [
  '--model_name_or_path',
  '--dataset_name',
  '--remove_unused_columns false',
  '--eval_do_concat_batches false',
];

/**
 * Holds a folder for the Trainer against every rule that the example script, `datasets` and this project have for it. Returns
 * what is wrong, a sentence each; none where all is well.
 */
export async function checkTrainerFolder(tree: FileTree): Promise<readonly string[]> {
  const problems: string[] = tree.problems.map(({ file, reason }) => `${file}: ${reason}`);
  const text = async (path: string): Promise<string | null> => {
    const file = tree.files.get(path);
    if (file !== undefined) return new TextDecoder().decode(await file.read());
    problems.push(`${path} is not there.`);
    return null;
  };
  const labels = await checkLabels(await text('dataset/labels.json'), problems);
  await checkModel(tree, labels, problems);
  const script = await text('train.py');
  if (script !== null && !/ClassLabel\(names=/.test(script))
    problems.push('train.py makes no ClassLabel of categories.');
  const readme = await text('README.md');
  for (const flag of ['accelerate launch', ...FLAGS]) {
    if (readme !== null && !readme.includes(flag)) problems.push(`README.md has no command with "${flag}".`);
  }
  const pictures = new Map<string, ReadonlySet<string>>();
  for (const split of SPLITS) {
    const lines = await text(`dataset/${split}/metadata.jsonl`);
    if (lines === null) continue;
    const { named, problems: found } = checkMetadata(lines, labels.length);
    problems.push(...found.map((problem) => `dataset/${split}/metadata.jsonl, ${problem}`));
    pictures.set(split, new Set(named.map(({ fileName }) => fileName)));
    problems.push(...(await checkPictures(tree, split, named)));
  }
  const both = [...(pictures.get('validation') ?? [])].filter((name) => pictures.get('train')?.has(name));
  if (both.length > 0) problems.push(`${both.length} pictures are in train and in validation, as ${both[0]}.`);
  return problems;
}

async function checkLabels(text: string | null, problems: string[]): Promise<readonly string[]> {
  if (text === null) return [];
  const parsed = labelsSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    problems.push('dataset/labels.json is no list of names.');
    return [];
  }
  if (new Set(parsed.data).size < parsed.data.length) problems.push('dataset/labels.json has a name twice.');
  return parsed.data;
}

async function checkModel(tree: FileTree, labels: readonly string[], problems: string[]): Promise<void> {
  const names = [CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE];
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const file = tree.files.get(`model/${name}`);
    if (file === undefined) problems.push(`model/${name} is not there.`);
    else files.set(name, await file.read());
  }
  if (files.size < names.length) return;
  const parsed = configSchema.safeParse(jsonOf(new TextDecoder().decode(files.get(CONFIG_FILE))));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    problems.push(`model/${CONFIG_FILE}: "${issue?.path.join('.')}": ${issue?.message}.`);
  } else {
    const { id2label, label2id } = parsed.data;
    const fits = labels.every((name, id) => id2label[String(id)] === name && label2id[name] === id);
    if (!fits || Object.keys(id2label).length !== labels.length) {
      problems.push(`model/${CONFIG_FILE} has other classes than dataset/labels.json, or in another order.`);
    }
  }
  try {
    readCheckpointFiles(files, 'model');
  } catch (thrown) {
    problems.push(`model/ cannot be read: ${toStudioError(thrown).message}`);
  }
}

async function checkPictures(
  tree: FileTree,
  split: string,
  named: ReturnType<typeof checkMetadata>['named'],
): Promise<readonly string[]> {
  const problems: string[] = [];
  const folder = `dataset/${split}/`;
  const known = new Set(named.map(({ fileName }) => `${folder}${fileName}`));
  for (const path of tree.files.keys()) {
    if (path.startsWith(folder) && path !== `${folder}metadata.jsonl` && !known.has(path)) {
      problems.push(`${path} has no line in metadata.jsonl.`);
    }
  }
  for (const { fileName, width, height } of named) {
    const path = `${folder}${fileName}`;
    const file = tree.files.get(path);
    if (file === undefined) {
      problems.push(`${path} is not there.`);
      continue;
    }
    try {
      const { h, w } = readImageHeader(await file.read()).size;
      if (w !== width || h !== height) problems.push(`${path} is ${w} x ${h}, and its line says ${width} x ${height}.`);
    } catch (thrown) {
      problems.push(`${path}: ${toStudioError(thrown).message}`);
    }
  }
  return problems;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Nothing is what no schema takes.
    return undefined;
  }
}
