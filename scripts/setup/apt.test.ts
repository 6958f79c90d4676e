import { expect, test } from 'vitest';
import { readAptSystem } from './apt.ts';

test.each([
  ['ID=debian\nVERSION_CODENAME=bookworm\n', 'debian', 'bookworm'],
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n', 'ubuntu', 'noble'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=virginia\n', 'ubuntu', 'virginia'],
])('%j has apt', (text, distribution, codename) => {
  expect(readAptSystem(text, 1000)).toEqual({ distribution, codename, root: false });
  expect(readAptSystem(text, 0)?.root).toBe(true);
});

test.each(['ID=fedora\n', 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', ''])('%j has not', (text) => {
  expect(readAptSystem(text, 0)).toBeNull();
});
