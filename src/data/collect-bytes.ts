/**
 * All bytes of a stream, gathered as they come: a claimed size is never allocated ahead. `onByteLength` hears how many there
 * are so far and may throw.
 */
export async function collectBytes(
  body: ReadableStream<Uint8Array>,
  onByteLength: (byteLength: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
    onByteLength(length);
  }
  // Copied also where there is one chunk, so that a small file does not hold the archive's large piece in memory.
  const data = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    data.set(chunk, at);
    at += chunk.byteLength;
  }
  return data;
}
