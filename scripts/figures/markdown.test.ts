import { expect, test } from 'vitest';
import { page, plain, table } from './markdown.ts';

test('nothing in a name is read as markup', () => {
  expect(plain('a|b <b>*x*</b> [y](z) `c` _d_ # $e$')).toBe(
    'a\\|b \\<b\\>\\*x\\*\\</b\\> \\[y\\](z) \\`c\\` \\_d\\_ \\# \\$e\\$',
  );
  expect(plain('two\n\n# lines')).toBe('two \\# lines');
});

test('a table has a row a line', () => {
  expect(page([table(['Class', 'Boxes'], [['a|b', '3']]), 'end'])).toBe(
    '| Class | Boxes |\n| --- | --- |\n| a\\|b | 3 |\n\nend\n',
  );
});
