/** The data set that comes with the studio: its id, which is its name too. */
export const BUNDLED_SET_ID = 'emoji-scenes';

/** What the pretrained checkpoint that comes with the studio is called. */
export const BUNDLED_WEIGHTS_NAME = 'tiny, pretrained';
