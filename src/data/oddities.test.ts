import { beforeAll, expect, test } from 'vitest';
import { describeWithFixture, readBytes, readJson } from '../base/test-fixtures.ts';
import { decodePixels } from '../platform/node/decode.ts';
import { openFileTree } from '../platform/node/file-tree.ts';
import { decodeWith } from './decode.ts';
import { readTarTree } from './tar-tree.ts';
import type { DataSet, Problem } from './types.ts';
import { readVocDataSet } from './voc-data-set.ts';
import { readVocAnnotation } from './voc-xml.ts';

interface Item {
  readonly id: string;
  readonly note: string;
  readonly expected_objects?: number | 'reject' | 'skip' | 'unlabelled';
  readonly expected_class?: string;
  readonly expected_classes?: readonly string[];
  /** VOC's own corners. */
  readonly expected_box?: readonly [number, number, number, number];
  readonly displayed_size?: readonly [number, number];
  readonly decided?: string;
}

const decode = decodeWith(decodePixels);

describeWithFixture('voc/oddities', 'oddities', (folder) => {
  const { items } = readJson<{ items: readonly Item[] }>(`${folder}/manifest.json`);
  let set: DataSet;
  beforeAll(async () => {
    set = await readVocDataSet(await openFileTree(`${folder}/VOCdevkit`, readTarTree));
  });

  const stem = ({ file }: Problem) => file.slice(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
  const problemsOf = (id: string) => set.problems.filter((problem) => stem(problem) === id);
  const sampleOf = (id: string) => set.samples.find((sample) => sample.id === id);

  test.each(items.filter(({ expected_objects }) => typeof expected_objects === 'number'))('$id: $note', (item) => {
    const sample = sampleOf(item.id);
    expect(sample?.objects).toHaveLength(Number(item.expected_objects));
    expect(sample?.labelled).toBe(true);
    const objects = sample?.objects ?? [];
    if (item.expected_class !== undefined) expect(objects[0]?.className).toBe(item.expected_class);
    if (item.expected_classes !== undefined) {
      expect(objects.map(({ className }) => className)).toEqual(item.expected_classes);
    }
    if (item.expected_box !== undefined) {
      const [xmin, ymin, xmax, ymax] = item.expected_box;
      expect(objects[0]?.boxXyxyPx).toEqual([xmin - 1, ymin - 1, xmax, ymax]);
    }
    if (item.decided?.includes('reported')) expect(problemsOf(item.id)).not.toEqual([]);
    for (const {
      boxXyxyPx: [x0, y0, x1, y1],
    } of objects) {
      expect(x0 >= 0 && y0 >= 0 && x1 > x0 && y1 > y0).toBe(true);
      expect(x1 <= (sample?.size.w ?? 0) && y1 <= (sample?.size.h ?? 0)).toBe(true);
    }
  });

  test.each(items.filter(({ expected_objects }) => expected_objects === 'reject' || expected_objects === 'skip'))(
    '$id is refused: $note',
    ({ id }) => {
      expect(sampleOf(id)).toBeUndefined();
      expect(problemsOf(id)).toMatchObject([{ severity: 'refused' }]);
    },
  );

  test.each(items.filter(({ id, decided }) => id.startsWith('i') && decided?.startsWith('refused')))(
    '$id is refused: $note',
    async ({ id }) => {
      expect(sampleOf(id)).toBeUndefined();
      expect(problemsOf(id)).toMatchObject([{ severity: 'refused' }]);
    },
  );

  test.each(items.filter(({ id, decided }) => id.startsWith('i') && !decided?.startsWith('refused')))(
    '$id decodes with red at the top left: $note',
    async ({ id, displayed_size }) => {
      const sample = sampleOf(id);
      const image = await decode(await set.imageBytes(id));
      expect(image.size).toEqual(sample?.size);
      if (displayed_size !== undefined) expect(image.size).toEqual({ w: displayed_size[0], h: displayed_size[1] });
      expect(image.data).toHaveLength(image.size.h * image.size.w * 3);
      const quarter = (y: number, x: number) => {
        const at = (Math.floor(image.size.h * y) * image.size.w + Math.floor(image.size.w * x)) * 3;
        return [...image.data.subarray(at, at + 3)];
      };
      if (id === 'i30_1x1') return expect(image.data).toEqual(new Uint8Array([254, 0, 0]));
      // Gray values of the drawn colours, by ITU-R 601 for the JPEG; the 16-bit picture has its own four.
      if (id === 'i01_gray')
        return expect([quarter(0.25, 0.25), quarter(0.25, 0.75)]).toEqual([
          [87, 87, 87],
          [118, 118, 118],
        ]);
      if (id === 'i29_png16_gray') return expect(quarter(0.25, 0.25)).toEqual([64, 64, 64]);
      // A GIF has its palette's nearest colours, 4:1:1 and 10 rows bleed.
      const drawn = [
        [220, 30, 30],
        [30, 180, 30],
        [30, 30, 220],
        [230, 220, 30],
      ];
      const found = [quarter(0.25, 0.25), quarter(0.25, 0.75), quarter(0.75, 0.25), quarter(0.75, 0.75)];
      const slack = id.startsWith('i26') ? 52 : 8;
      found.forEach((rgb, corner) => {
        rgb.forEach((value, channel) => {
          expect(Math.abs(value - (drawn[corner]?.[channel] ?? 0))).toBeLessThanOrEqual(slack);
        });
      });
    },
  );

  test('boxes written for the stored orientation are turned with the picture', () => {
    expect(sampleOf('i19_exif_6_stored_xml')?.objects[0]?.boxXyxyPx).toEqual([0, 0, 80, 60]);
  });

  test('boxes of a picture that was scaled or whose size is swapped are repaired', () => {
    expect(sampleOf('x22_size_scaled')?.objects[0]?.boxXyxyPx).toEqual([10.5, 10.5, 150, 110]);
    expect(sampleOf('x21_size_swapped')?.objects[0]?.boxXyxyPx).toEqual([10, 10, 150, 110]);
  });

  test('difficult is 1 or true', () => {
    const flags = sampleOf('x38_flags_textual')?.objects.map(({ difficult }) => difficult);
    expect(flags).toEqual([true, true, false]);
  });

  test('a picture without annotation is unlabelled and in no split', () => {
    expect(sampleOf('x42_missing_xml')).toMatchObject({ labelled: false, objects: [] });
    expect(Object.values(set.splits).flat()).not.toContain('x42_missing_xml');
    expect(problemsOf('x42_missing_xml')).toMatchObject([{ severity: 'warning' }]);
  });

  test('lists: line ends, byte-order mark, blanks, unknown ids and repeats', () => {
    expect(set.splits.train?.[0]).toBe('i01_gray');
    expect(set.splits.val?.[0]).toBe('i02_cmyk_adobe');
    expect(set.splits.val).toContain('x46 name with spaces & ünïcode #1');
    expect(set.splits.train).toHaveLength(33);
    expect(set.splits.val).toHaveLength(32);
    expect(Object.keys(set.splits)).toEqual(['train', 'val', 'trainval']);
    const reasons = set.problems.filter(({ file }) => file.endsWith('/val.txt')).map(({ reason }) => reason);
    expect(reasons.join()).toContain('"not_in_dataset"');
    expect(reasons.join()).toContain('again');
  });

  test('class names are in order of code points, and no name is special', () => {
    expect(set.classes).toContain('__proto__');
    expect(set.classes.indexOf('Person')).toBeLessThan(set.classes.indexOf('person'));
    expect(set.classes.indexOf('café')).toBeGreaterThan(set.classes.indexOf('c2'));
  });

  test('the entity bomb is refused at once', () => {
    const bytes = readBytes(`${folder}/VOCdevkit/ODD/Annotations/x17_billion_laughs.xml`);
    const start = performance.now();
    expect(() => readVocAnnotation(bytes)).toThrow(/DOCTYPE/);
    expect(performance.now() - start).toBeLessThan(50);
  });

  test('real annotations with boxes of one pixel are kept', () => {
    for (const id of ['BloodImage_00338', 'BloodImage_00343']) {
      const { objects, remarks } = readVocAnnotation(readBytes(`${folder}/real_bccd_degenerate/${id}.xml`));
      expect(objects.some(({ cornersInclusivePx: [x0, y0, x1, y1] }) => x0 === x1 || y0 === y1)).toBe(true);
      expect(remarks.join()).toContain('1 pixel wide or high');
    }
  });
});
