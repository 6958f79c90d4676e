import type { PreprocessorConfig } from '../../data/types.ts';

export interface SnippetFacts {
  /** The folder's name. */
  readonly folder: string;
  readonly preprocessing: PreprocessorConfig;
  /** Whether the backbone is timm's to transformers. */
  readonly usesTimm: boolean;
}

/** How to use the folder from Python with transformers. */
export function transformersSnippet({ folder, usesTimm }: SnippetFacts): string {
  return fenced(
    'python',
    `# pip install transformers torch pillow${usesTimm ? ' timm' : ''}
from transformers import pipeline

detector = pipeline("object-detection", model="./${folder}")
for found in detector("photo.jpg", threshold=0.7):
    print(found["label"], found["score"], found["box"])`,
  );
}

/** How to use it from JavaScript with transformers.js. */
export function transformersJsSnippet({ folder, preprocessing: { shortestEdge } }: SnippetFacts): string {
  return fenced(
    'js',
    `// npm install @huggingface/transformers
import { env, pipeline } from '@huggingface/transformers';

env.localModelPath = './'; // where the folder "${folder}" lies
const detector = await pipeline('object-detection', '${folder}', { dtype: 'fp32' });
// It would enlarge every picture until its longest edge is at the limit; the model was trained at this size.
detector.processor.image_processor.size = { shortest_edge: ${shortestEdge} };
for (const { label, score, box } of await detector('photo.jpg', { threshold: 0.7 })) console.log(label, score, box);`,
  );
}

/** How to use the ONNX file alone, from Python with ONNX Runtime. */
export function onnxRuntimeSnippet({ preprocessing }: SnippetFacts): string {
  const { shortestEdge, longestEdge, imageMean, imageStd } = preprocessing;
  return fenced(
    'python',
    `# pip install onnxruntime pillow
import json
import numpy as np
import onnxruntime
from PIL import Image

image = Image.open("photo.jpg").convert("RGB")
scale = min(${shortestEdge} / min(image.size), ${longestEdge} / max(image.size))
resized = image.resize([max(1, int(side * scale)) for side in image.size], Image.Resampling.BILINEAR)
pixels = (np.asarray(resized, np.float32) / 255 - ${JSON.stringify(imageMean)}) / ${JSON.stringify(imageStd)}
session = onnxruntime.InferenceSession("onnx/model.onnx")
logits, boxes = session.run(["logits", "pred_boxes"], {
    "pixel_values": pixels.transpose(2, 0, 1)[None].astype(np.float32),
    "pixel_mask": np.ones((1, *pixels.shape[:2]), np.int64),
})
odds = np.exp(logits[0] - logits[0].max(-1, keepdims=True))
scores = (odds / odds.sum(-1, keepdims=True))[:, :-1]  # the last class is "no object"
labels = json.load(open("config.json"))["id2label"]
for query in np.flatnonzero(scores.max(-1) > 0.7):
    cx, cy, w, h = boxes[0, query] * [image.width, image.height, image.width, image.height]
    best = scores[query].argmax()
    print(labels[str(best)], scores[query, best], (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2))`,
  );
}

function fenced(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}
