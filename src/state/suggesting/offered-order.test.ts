import { expect, test } from 'vitest';
import type { ProposedBox } from '../labelling/proposals.ts';
import { offeredOrder, type SeenPicture } from './offered-order.ts';

const box = (score: number): ProposedBox => ({ className: 'cat', score, boxXyxyPx: [0, 0, 10, 10] });
const seen = (sampleId: string, scores: readonly number[], look: readonly number[] = [1, 0]): SeenPicture => ({
  sampleId,
  boxes: scores.map(box),
  descriptor: Float32Array.from(look),
});
const ids = (pictures: readonly SeenPicture[], before: readonly SeenPicture[] = []): string[] =>
  offeredOrder(pictures, before).map(({ sampleId }) => sampleId);

test('what the model is unsure of comes first, and what it found nothing in before what it is sure of', () => {
  const pictures = [seen('sure', [0.99, 0.97]), seen('half', [0.52]), seen('nothing', []), seen('faint', [0.2])];
  expect(ids(pictures)).toEqual(['half', 'nothing', 'faint', 'sure']);
});

test('pictures that look alike do not follow each other while another one is nearly as unsure', () => {
  const pictures = [seen('a', [0.5]), seen('as a', [0.5]), seen('other', [0.6], [0, 1])];
  expect(ids(pictures)).toEqual(['a', 'other', 'as a']);
  expect(ids(pictures, [seen('labelled', [], [1, 0])])[0]).toBe('other');
});

test('each is offered once, with its reason', () => {
  const many = Array.from({ length: 120 }, (_, i) => seen(`${i}`, [i / 120], [Math.cos(i), Math.sin(i)]));
  expect(new Set(ids(many)).size).toBe(120);
  const [first, second] = offeredOrder([seen('a', [0.48, 0.45, 0.99]), seen('b', [0.5], [0, 1])], []);
  expect(second?.reason).toBe('Unsure of 2 boxes, such as cat at 0.48; unlike the pictures before it');
  expect(first?.reason).toBe('Unsure of one box, such as cat at 0.50');
  expect(offeredOrder([seen('a', [])], [])[0]?.reason).toBe('Nothing was found in it');
  expect(offeredOrder([seen('a', [0.98])], [])[0]?.reason).toBe('Sure of what it found');
});

test('pictures that could not be looked at are offered too', () => {
  const unread: SeenPicture = { sampleId: 'unread', boxes: [], descriptor: new Float32Array() };
  expect(ids([unread, seen('a', [0.5])], [seen('b', [0.5])]).sort()).toEqual(['a', 'unread']);
});
