/** Where a picture lies in a shard. */
export interface PicturePlace {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * Cuts pictures out of a shard's bytes, which are given in order from the byte `begin` on, in pieces of any length; what lies
 * between is passed over. `places` are in order, do not overlap, and none begins before `begin`. `onPicture` gets memory of
 * its own, and is waited for.
 */
export function cutPictures<Place extends PicturePlace>(
  places: readonly Place[],
  begin: number,
  onPicture: (place: Place, bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): (piece: Uint8Array) => Promise<void> {
  let at = begin;
  let next = 0;
  let room: Uint8Array<ArrayBuffer> | null = null;
  let filled = 0;
  return async (piece) => {
    let from = 0;
    while (from < piece.byteLength) {
      const place = places[next];
      if (place === undefined) break;
      if (at < place.byteOffset) {
        const passed = Math.min(place.byteOffset - at, piece.byteLength - from);
        from += passed;
        at += passed;
        continue;
      }
      room ??= new Uint8Array(place.byteLength);
      const part = piece.subarray(from, from + place.byteLength - filled);
      room.set(part, filled);
      filled += part.byteLength;
      from += part.byteLength;
      at += part.byteLength;
      if (filled < place.byteLength) continue;
      const whole = room;
      room = null;
      filled = 0;
      next += 1;
      await onPicture(place, whole);
    }
    at += piece.byteLength - from;
  };
}
