/** The room that `g` and this letter go to. */
export const ROOM_KEYS: Readonly<Record<string, string>> = {
  d: '/data',
  t: '/train',
  e: '/evaluate',
  p: '/predict',
  r: '/runs',
};
