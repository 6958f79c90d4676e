import { expect, test } from 'vitest';
import { isLocalHost, isSpecialAddress } from './special-address.ts';

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1%eth0',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '2002:7f00:1::',
  'not an address',
])('%s is no public host', (address) => {
  expect(isSpecialAddress(address)).toBe(true);
});

test.each([
  '93.184.216.34',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:93.184.216.34',
  '64:ff9b::5db8:d822',
])('%s is a public host', (address) => {
  expect(isSpecialAddress(address)).toBe(false);
});

test('what says by its name that it lies here', () => {
  for (const host of ['localhost', 'LOCALHOST.', 'a.localhost', 'printer', 'nas.local', '[::1]', '10.0.0.1']) {
    expect(isLocalHost(host.toLowerCase()), host).toBe(true);
  }
  for (const host of ['example.com', 'localhost.example.com', '93.184.216.34', '[2606:4700::1111]']) {
    expect(isLocalHost(host), host).toBe(false);
  }
});
