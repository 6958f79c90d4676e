import type { Problem } from './types.ts';

/** Counts what is wrong in a file, so that a thousand like faults are one problem. */
export interface Tally {
  /** One `noun` at `place` of which `fault` is true: "has no name", "category", "categories[3]". */
  add(fault: string, noun: string, place: string): void;
  /** Writes what was counted. */
  end(): void;
}

/** A tally of a file's faults, each of which leaves its noun out; `problems` hears of them at the end. */
export function tally(file: string, problems: Problem[]): Tally {
  const faults = new Map<
    string,
    { readonly noun: string; readonly fault: string; readonly place: string; count: number }
  >();
  return {
    add(fault, noun, place) {
      const key = `${noun} ${fault}`;
      const held = faults.get(key);
      if (held === undefined) faults.set(key, { noun, fault, place, count: 1 });
      else held.count += 1;
    },
    end() {
      for (const { noun, fault, place, count } of faults.values()) {
        const one = /^[aeiou]/.test(noun) ? 'An' : 'A';
        const rest = count === 1 ? '' : `, and so do ${count - 1} more`;
        const reason = `${one} ${noun} (${place}) ${fault}${rest}; left out.`;
        problems.push({ file, severity: 'warning', reason });
      }
      faults.clear();
    },
  };
}
