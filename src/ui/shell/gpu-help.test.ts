import { expect, test } from 'vitest';
import { gpuHelp } from './gpu-help.ts';

const LINUX_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const WINDOWS_EDGE = `${LINUX_CHROME.replace('X11; Linux x86_64', 'Windows NT 10.0; Win64; x64')} Edg/140.0.0.0`;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';

const help = (userAgent: string, hasWebGpu = false, secure = true): string =>
  gpuHelp({ userAgent, hasWebGpu, secure }).join(' ');

test('each browser is called by its name and told its own settings', () => {
  expect(help(LINUX_CHROME)).toMatch(/^Chrome 140 does not offer WebGPU.*chrome:\/\/settings.*--enable-unsafe-webgpu/);
  expect(help(WINDOWS_EDGE)).toMatch(/^Edge 140 .*edge:\/\/settings.*edge:\/\/flags/);
  expect(help(FIREFOX)).toMatch(/^Firefox 140 .*about:config/);
  expect(help(SAFARI)).toMatch(/^Safari 18 .*Safari 26/);
});

test('a missing adapter and a page over plain http are told apart from a browser without WebGPU', () => {
  expect(help(LINUX_CHROME, true)).toContain('was given no graphics adapter');
  expect(help(LINUX_CHROME, false, false)).toContain('https');
});
