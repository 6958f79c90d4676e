/** Files of a checkpoint that all say which save they are of. For tests only. */
export function filesOfSave(save: number, bytesEach: number): Map<string, Uint8Array> {
  const names = ['config.json', 'model.safetensors', 'optimizer.safetensors', 'trainer_state.json'];
  return new Map(names.map((name) => [name, new Uint8Array(new Uint32Array(bytesEach / 4).fill(save).buffer)]));
}

/** Which save the files are of; throws where they are not all there, whole, and of one. For tests only. */
export function saveOfFiles(files: ReadonlyMap<string, Uint8Array> | null, bytesEach: number): number {
  if (!files) throw new Error('There is no checkpoint.');
  const saves = new Set<number>();
  for (const [name, bytes] of files) {
    if (bytes.byteLength !== bytesEach) throw new Error(`${name} has ${bytes.byteLength} bytes.`);
    // A copy: a file may have been read to any place of a larger buffer.
    for (const save of new Set(new Uint32Array(bytes.slice().buffer))) saves.add(save);
  }
  const names = [...files.keys()].sort().join();
  const expected = [...filesOfSave(0, 4).keys()].sort().join();
  if (names !== expected || saves.size !== 1) throw new Error(`Found ${names} of the saves ${[...saves].join()}.`);
  return [...saves][0] ?? Number.NaN;
}
