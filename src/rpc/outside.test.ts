import { expect, test } from 'vitest';
import { answerOutside, askPage, isOutside, type OutsideHost, type Speaker } from './outside.ts';

/** A page's worker and that worker's own scope: what is said at one end is heard at the other. */
function ends(): { page: Speaker; worker: Speaker } {
  const { port1, port2 } = new MessageChannel();
  const end = (port: typeof port1): Speaker => {
    const target = new EventTarget();
    port.addEventListener('message', ({ data }) => target.dispatchEvent(Object.assign(new Event('message'), { data })));
    port.start();
    return Object.assign(target, { postMessage: (message: unknown) => port.postMessage(message) });
  };
  return { page: end(port1), worker: end(port2) };
}

const QUESTION = { url: 'https://data.example/cells.tar', what: 'cells.tar' };

test('a worker hears what the user answered, each question its own answer', async () => {
  const { page, worker } = ends();
  const host: OutsideHost = { onAsked: () => {}, mayAsk: async ({ what }) => what === 'cells.tar' };
  answerOutside(page, host);
  const answers = await Promise.all([
    askPage({ ...QUESTION, what: 'other.tar' }, undefined, worker),
    askPage(QUESTION, undefined, worker),
  ]);
  expect(answers).toEqual([false, true]);
});

test('a question that the page cannot put counts as refused', async () => {
  const { page, worker } = ends();
  answerOutside(page, { onAsked: () => {}, mayAsk: () => Promise.reject(new Error('no dialog')) });
  expect(await askPage(QUESTION, undefined, worker)).toBe(false);
});

test('a question ends with its signal', async () => {
  const { page, worker } = ends();
  answerOutside(page, { onAsked: () => {}, mayAsk: () => new Promise(() => {}) });
  const stop = new AbortController();
  const asked = askPage(QUESTION, stop.signal, worker);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  await expect(askPage(QUESTION, stop.signal, worker)).rejects.toMatchObject({ code: 'cancelled' });
});

test('only other servers lie beyond the site', () => {
  const own = 'https://studio.example';
  expect(isOutside('https://data.example/a', own)).toBe(true);
  expect(isOutside('http://studio.example/a', own)).toBe(true);
  expect(isOutside('https://studio.example:8443/a', own)).toBe(true);
  expect(isOutside('https://studio.example/a', own)).toBe(false);
  expect(isOutside('wss://studio.example/live', own)).toBe(false);
  expect(isOutside('blob:https://studio.example/1-2', own)).toBe(false);
  expect(isOutside('data:text/plain,a', own)).toBe(false);
  expect(isOutside('not an address', own)).toBe(false);
});
