import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { tf } from './index.ts';
import { sharedGpu } from './test-gpu.ts';

sharedGpu();

// 2048 is the hidden width of DETR-R50's transformer, 20 rows are a picture of 128 x 160 pixels.
test.each([
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
])('a long inner length gives the product, twice the same: $transposeA $transposeB', async (transposed) => {
  const { transposeA, transposeB } = transposed;
  const [rows, inner, columns] = [20, 2048, 64];
  const random = seededRandom(1);
  const draw = (n: number) => Float32Array.from({ length: n }, () => 2 * random.uniform() - 1);
  const [a, b] = [draw(rows * inner), draw(inner * columns)];
  const left = tf.tensor2d(a, transposeA ? [inner, rows] : [rows, inner]);
  const right = tf.tensor2d(b, transposeB ? [columns, inner] : [inner, columns]);
  const multiply = async () => {
    const product = tf.matMul(left, right, transposeA, transposeB);
    const data = await product.data<'float32'>();
    product.dispose();
    return data;
  };
  const product = await multiply();
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum +=
          (a[transposeA ? k * rows + r : r * inner + k] ?? 0) * (b[transposeB ? c * inner + k : k * columns + c] ?? 0);
      }
      // Sums of 2048 products below 1, in f32.
      expect(Math.abs((product[r * columns + c] ?? Number.NaN) - sum)).toBeLessThan(1e-3);
    }
  }
  expect(await multiply()).toEqual(product);
  tf.dispose([left, right]);
});
