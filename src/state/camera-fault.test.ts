import { expect, test } from 'vitest';
import { cameraFault } from './camera-fault.ts';

test.each([
  ['NotAllowedError', /was refused\. Allow it/],
  ['NotFoundError', /No camera was found/],
  ['NotReadableError', /another program/],
  ['TypeError', /cannot be used \(broken\)/],
])('%s is told in plain words, with what to do', (name, said) => {
  expect(cameraFault(new DOMException('broken', name))).toMatch(said);
});

test('a page without https is told so', () => {
  expect(cameraFault(null)).toMatch(/https/);
});
