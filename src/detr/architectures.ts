import { parseDetrConfig } from './config.ts';
import type { DetrConfig } from './types.ts';

/** The architectures that facebook published, by the names that the command line uses. */
export const ARCHITECTURES = ['resnet-50', 'resnet-50-dc5', 'resnet-101'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * The config of a published architecture for the given classes, with the fields of `facebook/detr-resnet-50`'s config.json
 * (`DetrConfig` of transformers) in the form that both its major versions read.
 */
export function architectureConfig(architecture: Architecture, labels: readonly string[]): DetrConfig {
  const label2id: Record<string, number> = Object.create(null);
  for (const [id, label] of labels.entries()) label2id[label] = id;
  return parseDetrConfig(
    JSON.stringify({
      model_type: 'detr',
      architectures: ['DetrForObjectDetection'],
      backbone: architecture === 'resnet-101' ? 'resnet101' : 'resnet50',
      use_timm_backbone: true,
      use_pretrained_backbone: false,
      dilation: architecture === 'resnet-50-dc5',
      num_channels: 3,
      num_queries: 100,
      d_model: 256,
      encoder_layers: 6,
      decoder_layers: 6,
      encoder_attention_heads: 8,
      decoder_attention_heads: 8,
      encoder_ffn_dim: 2048,
      decoder_ffn_dim: 2048,
      dropout: 0.1,
      attention_dropout: 0,
      activation_dropout: 0,
      activation_function: 'relu',
      position_embedding_type: 'sine',
      auxiliary_loss: false,
      class_cost: 1,
      bbox_cost: 5,
      giou_cost: 2,
      bbox_loss_coefficient: 5,
      giou_loss_coefficient: 2,
      eos_coefficient: 0.1,
      id2label: Object.fromEntries(labels.map((label, id) => [String(id), label])),
      label2id,
    }),
  );
}
