import { StudioError } from '../../src/base/errors.ts';

/** The parser of an option that takes a whole number from `least` to `most`. It throws `usage`. */
export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw refusal(option, text, `a whole number from ${grouped(least)} to ${grouped(most)}`);
  };
}

/** The parser of an option that takes any number from `least` to `most`. It throws `usage`. */
export function realNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw refusal(option, text, `a number from ${grouped(least)} to ${grouped(most)}`);
  };
}

/** The parser of an option that takes one of a few words. It throws `usage`. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw refusal(option, text, words.join(' or '));
  };
}

/** The parser of an option that takes several of a few words, joined by commas. It throws `usage`. */
export function someOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => readonly Word[] {
  return (text) => {
    const given = text.split(',').map((word) => word.trim());
    const known = words.filter((word) => given.includes(word));
    if (given.every((word) => known.some((each) => each === word))) return known;
    throw refusal(option, text, `one or more of ${words.join(', ')}`);
  };
}

function refusal(option: string, found: string, expected: string): StudioError {
  return new StudioError('usage', `${option} ${found}: expected ${expected}.`, { option, found });
}

function grouped(value: number): string {
  return Math.abs(value) >= 1000 ? value.toLocaleString('en-US') : String(value);
}
