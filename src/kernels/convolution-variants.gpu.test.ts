import { expect, test } from 'vitest';
import { type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { convBatchNormComposed } from './conv-batch-norm.ts';
import { convolveBy } from './convolution.ts';
import { convolutionFilterGradientBy, convolutionInputGradientBy } from './convolution-gradients.ts';
import { numbers, worst } from './test-products.ts';
import type { Variant } from './variants.ts';

sharedGpu();

const tensor = (shape: number[], seed: number) => tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape);

const off = async (found: Tensor, expected: Tensor | undefined) =>
  worst(await found.data(), (await expected?.data()) ?? [Number.NaN]);

/** Each is three programs or four: every kind of shape and every tile once. */
test.each([
  { variant: 'workgroup-32', kernel: 1, stride: 1, dilation: 1, h: 9, w: 7, inC: 36, out: 32, residual: true },
  { variant: 'workgroup-64', kernel: 3, stride: 2, dilation: 1, h: 13, w: 11, inC: 20, out: 8, residual: false },
  { variant: 'workgroup-64-split', kernel: 3, stride: 1, dilation: 2, h: 15, w: 20, inC: 8, out: 12, residual: false },
  { variant: 'registers-split', kernel: 3, stride: 2, dilation: 1, h: 33, w: 31, inC: 8, out: 12, residual: false },
  { variant: 'subgroup', kernel: 3, stride: 2, dilation: 1, h: 13, w: 11, inC: 20, out: 8, residual: true },
  { variant: 'subgroup-split', kernel: 3, stride: 1, dilation: 2, h: 33, w: 31, inC: 10, out: 12, residual: false },
] as const)(
  '$variant, $kernel x $kernel, stride $stride: output and gradients are those of the composed form',
  async ({ variant, kernel, stride, dilation, h, w, inC, out, residual }) => {
    const B = 2;
    const shape = { kernel, stride, dilation };
    const x = tensor([B, h, w, inC], 1) as Tensor4D;
    const filter = tensor([kernel, kernel, inC, out], 2) as Tensor4D;
    const scale = tf.tensor1d(Array.from({ length: out }, (_, i) => 0.5 + (i % 3) / 3));
    const shift = tf.tensor1d(Array.from({ length: out }, (_, i) => Math.cos(i)));
    const resultShape = [B, Math.ceil(h / stride), Math.ceil(w / stride), out];
    const added = residual ? (tensor(resultShape, 3) as Tensor4D) : undefined;
    const upstream = tensor(resultShape, 4) as Tensor4D;
    const epilogue = { scale, shift, relu: true, ...(added && { residual: added }) };
    const whole = variant.replace('-split', '') as Variant;
    const y = convolveBy(whole, x, filter, shape, epilogue);
    const stockY = tf.tidy(() => convBatchNormComposed(x, filter, shape, epilogue));
    expect(await off(y, stockY)).toBeLessThan(1e-4);
    tf.dispose([y, stockY]);
    const gradient = convolutionFilterGradientBy(variant, x, upstream, shape);
    if (dilation === 1) {
      // Stock operations have no gradient of a dilated convolution.
      const [stock] = tf.grads((W) => tf.conv2d(x, W as Tensor4D, stride, (kernel - 1) / 2).mul(upstream))([filter]);
      expect(await off(gradient, stock)).toBeLessThan(5e-4);
      stock?.dispose();
    } else {
      const registers = convolutionFilterGradientBy('registers', x, upstream, shape);
      expect(await off(gradient, registers)).toBeLessThan(5e-4);
      registers.dispose();
    }
    if (stride === 1 || whole === 'subgroup') {
      const ours = convolutionInputGradientBy(whole, upstream, filter, shape, x.shape);
      const registers = convolutionInputGradientBy('registers', upstream, filter, shape, x.shape);
      expect(await off(ours, registers)).toBeLessThan(1e-4);
      tf.dispose([ours, registers]);
    }
    tf.dispose([x, filter, scale, shift, ...(added ? [added] : []), upstream, gradient]);
  },
);
