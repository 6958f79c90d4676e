import { StudioError } from '../../base/errors.ts';
import type { RgbImage } from '../../data/types.ts';

/** A decoded picture, encoded for `<img>`. Throws `bad-image` where the browser has no canvas for its size. */
export async function encodePicture({ size: { h, w }, data }: RgbImage): Promise<Blob> {
  const rgba = new Uint8ClampedArray(h * w * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] as number;
    rgba[to + 1] = data[from + 1] as number;
    rgba[to + 2] = data[from + 2] as number;
  }
  const canvas = new OffscreenCanvas(w, h);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new StudioError('bad-image', 'The browser gives no canvas to draw the picture on.');
  context.putImageData(new ImageData(rgba, w, h), 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}
