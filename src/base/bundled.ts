/** The data set that comes with the studio: its id, which is its name too. */
export const BUNDLED_SET_ID = 'emoji-scenes';

/** What the pretrained checkpoint that comes with the studio is called. */
export const BUNDLED_WEIGHTS_NAME = 'tiny, pretrained';

/** The archive of the sample data set, below `public/`. */
export const SAMPLE_TAR_FILE = 'sample/emoji-scenes.tar';

/** Its index, which the build puts beside it. */
export const SAMPLE_INDEX_FILE = 'sample/emoji-scenes.json';
