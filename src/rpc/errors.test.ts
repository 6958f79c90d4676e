import { transferHandlers } from 'comlink';
import { expect, test } from 'vitest';
import { keepStudioErrors } from './errors.ts';

test("comlink's handler is replaced once, however often it is asked for", () => {
  const stock = transferHandlers.get('throw');
  keepStudioErrors();
  const ours = transferHandlers.get('throw');
  expect(ours).not.toBe(stock);
  keepStudioErrors();
  expect(transferHandlers.get('throw')).toBe(ours);
});
