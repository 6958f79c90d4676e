import { expect, test } from 'vitest';
import { contentPolicy, policyHeaders } from './page-policy.ts';

function connections(pathname: string): string | undefined {
  return contentPolicy(pathname)
    .split('; ')
    .find((directive) => directive.startsWith('connect-src'));
}

test('every file but the data worker is held to its own site', () => {
  const held = [
    '/',
    '/some/path/',
    '/assets/train.worker-abc.js',
    '/assets/predict.worker-abc.js',
    '/assets/index-abc.js',
  ];
  for (const pathname of [...held, '/data.worker/', '/assets/data.worker-abc.js/index.html', '/service.worker.js']) {
    expect(connections(pathname), pathname).toBe("connect-src 'self'");
  }
  for (const pathname of ['/some/path/assets/data.worker-B1x_9.js', '/workers/data.worker.ts']) {
    expect(connections(pathname), pathname).toBe("connect-src 'self' https: http:");
  }
});

test('no built file may run inline scripts or evaluate text', () => {
  const { 'Content-Security-Policy': policy = '' } = policyHeaders('/');
  const scripts = policy.split('; ').find((directive) => directive.startsWith('script-src'));
  expect(scripts).toBe("script-src 'self' 'wasm-unsafe-eval'");
});
