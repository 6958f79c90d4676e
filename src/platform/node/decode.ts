import sharp from 'sharp';
import { StudioError } from '../../base/errors.ts';
import type { DecodePixels, RgbImage } from '../../data/types.ts';
import { decodeBmp } from './decode-bmp.ts';

// Its cache is of operations on files, none of which comes twice here.
sharp.cache(false);

/**
 * Decodes with libvips (sharp): EXIF orientation applied, colour profile not, alpha dropped without blending, CMYK turned
 * to RGB by multiplication as browsers do. A file that is cut off is refused. Throws `bad-image`.
 */
export const decodePixels: DecodePixels = async (bytes, { format, storedSize }) => {
  if (format === 'bmp') return decodeBmp(bytes);
  try {
    const picture = sharp(bytes, { failOn: 'warning', ignoreIcc: true, limitInputPixels: storedSize.h * storedSize.w });
    // Other formats' orientation is not in the header that we read, nor applied by browsers alike.
    const turned = format === 'jpg' ? picture.autoOrient() : picture;
    const { space } = format === 'jpg' ? await picture.metadata() : { space: 'srgb' };
    const isCmyk = space === 'cmyk';
    const { data, info } = await (isCmyk
      ? turned.pipelineColourspace('cmyk').toColourspace('cmyk')
      : turned.removeAlpha().toColourspace('srgb')
    )
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== (isCmyk ? 4 : 3)) {
      throw new StudioError(
        'bad-image',
        `The picture has ${info.channels} channels, which is not read; save it as PNG.`,
      );
    }
    const rgb = isCmyk ? multiplyCmyk(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { size: { h: info.height, w: info.width }, data: rgb };
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
    throw new StudioError('bad-image', `The picture cannot be decoded (${why}); it is damaged.`, {}, { cause });
  }
};

/** `[n, 4]` u8 of ink, 255 for full, to `[n, 3]` u8 of light. */
function multiplyCmyk(cmyk: Uint8Array): RgbImage['data'] {
  const rgb = new Uint8Array((cmyk.byteLength / 4) * 3);
  for (let i = 0, out = 0; i < cmyk.byteLength; i += 4) {
    const light = 255 - (cmyk[i + 3] ?? 0);
    for (let channel = 0; channel < 3; channel += 1) {
      rgb[out] = Math.round(((255 - (cmyk[i + channel] ?? 0)) * light) / 255);
      out += 1;
    }
  }
  return rgb;
}
