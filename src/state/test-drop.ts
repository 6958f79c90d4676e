/** One byte a letter, padded with nil to `length`. For tests only. */
export function bytes(text: string, length = text.length): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  out.set([...text].map((letter) => letter.charCodeAt(0)));
  return out;
}

/** The header of a tar as it was before POSIX gave it a magic. For tests only. */
export function oldTarHead(): Uint8Array<ArrayBuffer> {
  const head = bytes('a.txt', 512);
  head.set(bytes('0000644\x000000000\x000000000\x0000000000001\x0000000000000\x00        '), 100);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.set(bytes(`${sum.toString(8).padStart(6, '0')}\x00 `), 148);
  return head;
}
