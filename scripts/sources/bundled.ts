import { fileURLToPath } from 'node:url';

/** The sample data set that comes with Detrain. */
export const SAMPLE_DATA = fileURLToPath(new URL('../../public/sample/emoji-scenes.tar', import.meta.url));

/** The tiny pretrained checkpoint that comes with Detrain. */
export const TINY_CHECKPOINT = fileURLToPath(new URL('../../public/sample/tiny-detr-emoji', import.meta.url));

/** A few pictures of the sample data set as files. */
export const SAMPLE_PICTURES = fileURLToPath(new URL('../../public/sample/pictures', import.meta.url));
