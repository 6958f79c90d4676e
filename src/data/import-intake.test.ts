import { expect, test } from 'vitest';
import { createIntake, type PictureSink } from './import-intake.ts';

const SINK: PictureSink = {
  write: () => Promise.reject(new Error('no picture was given')),
  read: () => Promise.reject(new Error('no picture was given')),
};

/** An intake that has taken a file of that name which says that it is so long. */
async function taken(path: string, byteLength: number) {
  const intake = createIntake(SINK, []);
  await intake.take({ path, byteLength, read: async () => new Uint8Array([0x5b, 0x5d]) });
  return intake.files.get(path);
}

test("a JSON as large as COCO's largest is taken, up to a gibibyte", async () => {
  for (const byteLength of [448_000_000, 2 ** 30]) {
    const file = await taken('annotations/instances_train2017.json', byteLength);
    expect(await file?.read()).toEqual(new Uint8Array([0x5b, 0x5d]));
  }
});

test.each([
  ['annotations/x.json', 2 ** 30 + 1, 1_073_741_824],
  ['data.yaml', 16 * 2 ** 20 + 1, 16_777_216],
])('%s of %i bytes is left unread, and told of where it is wanted', async (path, byteLength, most) => {
  const file = await taken(path, byteLength);
  const message = `The file has ${byteLength} bytes; at most ${most} are read of such a file. Divide the data set.`;
  await expect(file?.read()).rejects.toMatchObject({ code: 'bad-annotation', message });
});
