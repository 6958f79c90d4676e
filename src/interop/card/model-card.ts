import type { DetrConfig } from '../../detr/types.ts';
import type { Checkpoint } from '../checkpoint-files.ts';
import type { ModelFacts } from '../types.ts';
import { onnxRuntimeSnippet, transformersJsSnippet, transformersSnippet } from './snippets.ts';

/** What a card is written from. */
export interface CardFacts {
  readonly checkpoint: Checkpoint;
  readonly facts: ModelFacts;
  /** The folder's name. */
  readonly folder: string;
  /** What other implementations made of the export, in paragraphs of Markdown. */
  readonly receipt: string;
  /** Paths of the curve and of the drawn picture in the folder; null where there is none. */
  readonly curvePath: string | null;
  readonly picturePath: string | null;
}

/** The README.md of an exported folder: a model card in Markdown, with the front matter that the hub reads. */
export function modelCard({ checkpoint, facts, folder, receipt, curvePath, picturePath }: CardFacts): string {
  const { config, preprocessor } = checkpoint;
  const { shortestEdge, longestEdge } = preprocessor.config;
  const snippetFacts = {
    folder,
    preprocessing: preprocessor.config,
    usesTimm: config.raw.use_timm_backbone === true,
  };
  const paragraphs = [
    '---\nlibrary_name: transformers\npipeline_tag: object-detection\ntags:\n- detr\n- object-detection\n- vision\n---',
    `# ${inline(facts.name)}`,
    `${describe(config)} It finds ${config.labels.length} ${config.labels.length === 1 ? 'class' : 'classes'}, and takes pictures with a shortest edge of ${shortestEdge} px, the longest at most ${longestEdge} px. Fine-tuned in a browser or a shell with Detrain.`,
    picturePath && `![What it finds in a picture that it was not trained on](${picturePath})`,
    '## Classes',
    config.labels.map((label, id) => `- \`${id}\` ${inline(label)}`).join('\n'),
    '## Trained on',
    trainedOn(facts),
    ...metricsParts(facts),
    curvePath && `![Loss and AP50 over the steps](${curvePath})`,
    '## Use it',
    '### transformers',
    transformersSnippet(snippetFacts),
    '### transformers.js',
    transformersJsSnippet(snippetFacts),
    '### ONNX Runtime',
    onnxRuntimeSnippet(snippetFacts),
    '## Checked by other implementations',
    receipt,
    ...settingsParts(facts),
  ];
  return `${paragraphs.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`;
}

function describe({ backbone, dilation, encoderLayers, decoderLayers, numQueries, dModel }: DetrConfig): string {
  const blocks = `${backbone.depths.join('-')}${dilation ? ', dilated (DC5)' : ''}`;
  return `A [DETR](https://arxiv.org/abs/2005.12872) object detector: a bottleneck ResNet (${blocks}), ${encoderLayers} encoder and ${decoderLayers} decoder layers of width ${dModel}, ${numQueries} queries.`;
}

function trainedOn({ dataSet, from }: ModelFacts): string {
  const began = from === null ? '' : ` It began with the weights of “${inline(from)}”.`;
  if (dataSet === null) return `Nothing is known here of the data that it was trained on.${began}`;
  return `The data set “${inline(dataSet.name)}”, with the hash \`${dataSet.hash}\` over its pictures and boxes.${began}`;
}

function metricsParts({ metrics }: ModelFacts): string[] {
  if (metrics === null) return [];
  const { step, map50, AP, ap50OfClass } = metrics;
  const rows = Object.entries(ap50OfClass).map(([label, ap]) => `| ${inline(label)} | ${percent(ap)} |`);
  return [
    '## Measured',
    `On the validation split after step ${step}: AP50 (VOC) ${percent(map50)}, AP (COCO) ${percent(AP)}.`,
    ['| class | AP50 |', '| --- | ---: |', ...rows].join('\n'),
  ];
}

function settingsParts({ settings }: ModelFacts): string[] {
  if (settings === null) return [];
  const rows = Object.entries(settings).map(([key, value]) => `| ${inline(key)} | ${inline(JSON.stringify(value))} |`);
  return ['## Settings', ['| setting | value |', '| --- | --- |', ...rows].join('\n')];
}

function percent(share: number | null): string {
  return share === null ? 'none' : `${(share * 100).toFixed(1)} %`;
}

/** Text of a person's own that is to mean nothing to Markdown or HTML. */
function inline(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&');
}
