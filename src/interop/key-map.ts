import { BACKBONE_PREFIX, type ParameterSpec } from '../detr/parameter-specs.ts';

/**
 * How a checkpoint spells its names. The backbone's: as the hub's main revisions do (timm's ResNet), or as the native
 * `backbone_config` models and the `no_timm` revisions do. The modules': as transformers 4 does, or as the late releases of
 * transformers 5, which rename on load and save what they renamed.
 */
export type NameForm = 'timm' | 'native' | 'timm-v5' | 'native-v5';

export const NAME_FORMS: readonly NameForm[] = ['timm', 'native', 'timm-v5', 'native-v5'];

/** The renames of transformers 5: `conversion_mapping.py`, under "detr". */
const V5_RENAMES: readonly (readonly [RegExp, string])[] = [
  [/\bbackbone\.conv_encoder\b/, 'backbone'],
  [/\bout_proj\b/, 'o_proj'],
  [/\b(layers\.\d+)\.(fc[12])\b/, '$1.mlp.$2'],
];

const CONV_BN: ReadonlyMap<string, string> = new Map([
  ['conv1', 'layer.0.convolution'],
  ['bn1', 'layer.0.normalization'],
  ['conv2', 'layer.1.convolution'],
  ['bn2', 'layer.1.normalization'],
  ['conv3', 'layer.2.convolution'],
  ['bn3', 'layer.2.normalization'],
  ['downsample.0', 'shortcut.convolution'],
  ['downsample.1', 'shortcut.normalization'],
]);

const BLOCK_NAME = /^layer(\d)\.(\d+)\.(.+)\.(weight|bias|running_mean|running_var)$/;
const STEM_NAME = /^(conv1|bn1)\.(weight|bias|running_mean|running_var)$/;

/** The name that a tensor of the model has in a checkpoint of that form. */
export function nameInForm(name: string, form: NameForm): string {
  const spelled = form.startsWith('native') ? nativeName(name) : name;
  if (!form.endsWith('-v5')) return spelled;
  return V5_RENAMES.reduce((renamed, [from, to]) => renamed.replace(from, to), spelled);
}

function nativeName(name: string): string {
  if (!name.startsWith(BACKBONE_PREFIX)) return name;
  const rest = name.slice(BACKBONE_PREFIX.length);
  const stem = STEM_NAME.exec(rest);
  if (stem) {
    const part = stem[1] === 'conv1' ? 'convolution' : 'normalization';
    return `${BACKBONE_PREFIX}embedder.embedder.${part}.${stem[2]}`;
  }
  const block = BLOCK_NAME.exec(rest);
  const part = CONV_BN.get(block?.[3] ?? '');
  if (!block || !part) return name;
  return `${BACKBONE_PREFIX}encoder.stages.${Number(block[1]) - 1}.layers.${block[2]}.${part}.${block[4]}`;
}

/** Which form a checkpoint's names are in: that in which its stem is called as expected. */
export function formOf(names: ReadonlyMap<string, unknown>): NameForm {
  return NAME_FORMS.find((form) => names.has(nameInForm(`${BACKBONE_PREFIX}conv1.weight`, form))) ?? 'timm';
}

/** Checkpoint layout to the GPU's: `[out, in, kh, kw]` becomes `[kh, kw, in, out]`; others are returned as they are. */
export function toGpuLayout({ shape }: ParameterSpec, data: Float32Array): Float32Array {
  return shape.length === 4 ? permuteConv(shape, data, 'to-gpu') : data;
}

/** The GPU's layout to the checkpoint's. */
export function toCheckpointLayout({ shape }: ParameterSpec, data: Float32Array): Float32Array {
  return shape.length === 4 ? permuteConv(shape, data, 'to-checkpoint') : data;
}

/** A convolution's values from one layout to the other; `shape` is the checkpoint's, `[out, in, kh, kw]`. */
export function permuteConv(
  shape: readonly number[],
  data: Float32Array,
  way: 'to-gpu' | 'to-checkpoint',
): Float32Array {
  const [out = 0, inC = 0, kh = 0, kw = 0] = shape;
  const result = new Float32Array(data.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inC; i++) {
      for (let y = 0; y < kh; y++) {
        for (let x = 0; x < kw; x++) {
          const checkpoint = ((o * inC + i) * kh + y) * kw + x;
          const gpu = ((y * kw + x) * inC + i) * out + o;
          if (way === 'to-gpu') result[gpu] = data[checkpoint] ?? 0;
          else result[checkpoint] = data[gpu] ?? 0;
        }
      }
    }
  }
  return result;
}
