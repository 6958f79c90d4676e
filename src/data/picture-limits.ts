/** Above any picture that is read: a larger file is not even unpacked. */
export const MAX_PICTURE_BYTES = 256 * 2 ** 20;
