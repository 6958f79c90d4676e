import type { Random } from '../base/random.ts';

/** Writes JSON as other programs may: with any blanks, escapes and forms of numbers. For tests only. */
interface Writer {
  blanks(): string;
  text(content: string): string;
  list(items: readonly string[]): string;
  object(members: readonly (readonly [key: string, value: string])[]): string;
  /** Any value, nested to that depth. */
  any(depth: number): string;
}

const TRICKY = [
  '',
  'a]b',
  '}{',
  '"',
  '\\',
  '\\"',
  '[{"id": 1}]',
  ',',
  'ü',
  '\u2028',
  '😀',
  'a/b',
  '\u0007',
  'segmentation',
];
/** Of no meaning, though they begin as others do that have one. */
const OTHER_KEYS = ['id2', 'idx', 'images2', 'bboxes', 'image_ids', 'segmentations', 'iscrowded', 'area', '__proto__'];
const NUMBERS = ['0', '-0', '7', '12.50', '-3.25', '1e2', '1.5E+3', '2e-3', '0.1', '123456789012345678', '1e400'];

/** A text in the form of a COCO file, or nearly so: most of it can be used, all of it is JSON. For tests only. */
export function someCocoText(random: Random): string {
  const write = writer(random);
  const members: [string, string][] = [
    ['images', listOf(random, write, 5, () => someImage(random, write))],
    ['categories', listOf(random, write, 5, () => someCategory(random, write))],
    ['annotations', listOf(random, write, 16, () => someAnnotation(random, write))],
    ['info', write.any(3)],
    [pick(random, [...TRICKY, ...OTHER_KEYS]), write.any(3)],
    ['__proto__', write.any(1)],
  ];
  // Of two that have one key the last counts, in whatever form that is.
  if (random.uniform() < 0.3) members.push([pick(random, ['images', 'categories', 'annotations']), write.any(2)]);
  const mark = random.uniform() < 0.2 ? '\ufeff' : '';
  return `${mark}${write.blanks()}${write.object(random.shuffle(members))}${write.blanks()}`;
}

function writer(random: Random): Writer {
  const blanks = () => (random.uniform() < 0.6 ? '' : pick(random, [' ', '\n', '\t', '\r\n', '  \n ']));
  const text = (content: string) =>
    `"${[...content].map((sign) => (random.uniform() < 0.1 ? escaped(sign) : JSON.stringify(sign).slice(1, -1))).join('')}"`;
  const joined = (parts: readonly string[]) => parts.map((part) => `${blanks()}${part}${blanks()}`).join(',');
  const list = (items: readonly string[]) => `[${items.length === 0 ? blanks() : joined(items)}]`;
  const object = (members: readonly (readonly [string, string])[]) =>
    `{${members.length === 0 ? blanks() : joined(members.map(([key, value]) => `${text(key)}${blanks()}:${blanks()}${value}`))}}`;
  const any = (depth: number): string => {
    const kind = random.below(depth > 0 ? 6 : 4);
    const inner = () => Array.from({ length: random.below(4) }, () => any(depth - 1));
    if (kind === 0) return pick(random, NUMBERS);
    if (kind === 1) return text(pick(random, TRICKY));
    if (kind === 2) return pick(random, ['true', 'false', 'null']);
    if (kind === 3) return pick(random, ['[]', '{}', '""']);
    if (kind === 4) return list(inner());
    return object(inner().map((value) => [pick(random, ['images', 'segmentation', 'id', ...TRICKY]), value]));
  };
  return { blanks, text, list, object, any };
}

/** As `\\u` and four digits, or eight for what UTF-16 has in two parts. */
function escaped(sign: string): string {
  return Array.from({ length: sign.length }, (_, i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, '0')}`).join(
    '',
  );
}

function listOf(random: Random, write: Writer, most: number, item: () => string): string {
  return write.list(
    Array.from({ length: random.uniform() < 0.1 ? 0 : 2 + random.below(most) }, () =>
      random.uniform() < 0.05 ? write.any(2) : item(),
    ),
  );
}

function someId(random: Random, write: Writer): string {
  const id = random.below(3);
  if (random.uniform() < 0.8) return `${id}`;
  return pick(random, [write.text(`${id}`), `${id}.0`, `${id}e0`, write.text(`0${id}`), '-0', write.any(1)]);
}

function someImage(random: Random, write: Writer): string {
  const name = write.text(pick(random, ['a.jpg', 'sub/b.jpg', 'c é.jpg', ...TRICKY]));
  return someMembers(random, write, [
    ['id', someId(random, write)],
    ['file_name', name],
    ['width', pick(random, ['640', '6.4e2', '0', write.any(1)])],
    ['height', pick(random, ['480', '-1', '"480"'])],
  ]);
}

function someCategory(random: Random, write: Writer): string {
  const name = write.text(pick(random, ['cat', 'dog', ...TRICKY]));
  return someMembers(random, write, [
    ['id', someId(random, write)],
    ['name', name],
    ['supercategory', write.any(1)],
  ]);
}

function someAnnotation(random: Random, write: Writer): string {
  const side = () =>
    pick(random, ['1', '2.5', '30.125', '473.07', '1e1', '86', '0.30000000000000004', '0', '-4', '10.0']);
  const bbox = write.list(Array.from({ length: random.uniform() < 0.9 ? 4 : 3 }, side));
  const flag = () => pick(random, ['0', '1', 'true', 'false', '"1"', '2', 'null']);
  const polygon = write.list([write.list([side(), side(), side(), side()]), write.list([side()])]);
  const runs = write.object([
    ['counts', pick(random, ['[1,2,3]', write.text('a]}"b')])],
    ['size', '[4,5]'],
  ]);
  return someMembers(random, write, [
    ['segmentation', pick(random, [polygon, polygon, runs, '[]', '{}', 'null', '"["', write.any(2)])],
    ['image_id', someId(random, write)],
    ['bbox', random.uniform() < 0.9 ? bbox : write.any(2)],
    ['category_id', someId(random, write)],
    ...(random.uniform() < 0.5 ? ([['iscrowd', flag()]] as const) : []),
    ...(random.uniform() < 0.2 ? ([[pick(random, ['difficult', 'truncated', 'occluded']), flag()]] as const) : []),
    ...(random.uniform() < 0.2
      ? ([
          [
            'attributes',
            write.object([
              ['difficult', flag()],
              ['occluded', flag()],
              ['__proto__', '{"truncated": 1}'],
            ]),
          ],
        ] as const)
      : []),
  ]);
}

/** In any order, now and then one left out, or one more that says something else. */
function someMembers(random: Random, write: Writer, members: readonly (readonly [string, string])[]): string {
  const kept = members.filter(() => random.uniform() < 0.97);
  const more = random.uniform() < 0.1 ? [[pick(random, members)[0], write.any(2)] as const] : [];
  return write.object(
    random.shuffle([...kept, ...more, [pick(random, [...TRICKY, ...OTHER_KEYS]), write.any(2)] as const]),
  );
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.below(items.length)] as Item;
}
