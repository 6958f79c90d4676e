import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Memory, pageMemory, recalled, remember } from './page-memory.ts';

/** What this browser kept when the studio last looked. */
export interface KeptThings {
  readonly sets: number;
  readonly runs: number;
}

export interface LossState {
  /** What was there and is gone, though nobody deleted it here. */
  readonly lost: KeptThings | null;
  /** The person has read it. */
  dismiss(): void;
}

/** A list that is kept in this browser. */
export interface KeptList {
  /** Null until it is known. */
  count(): number | null;
  subscribe(onChange: () => void): void;
}

const KEY = 'detrain-kept';

/**
 * Remembers how many sets and runs there are, and tells where all of one kind are gone when the studio opens. What goes
 * while it is open was deleted by a person, here or in another tab.
 */
export function createLossStore(
  sets: KeptList,
  runs: KeptList,
  memory: Memory | null = pageMemory(),
): StoreApi<LossState> {
  const before = read(memory);
  const store = createStore<LossState>()((set) => ({
    lost: null,
    dismiss: () => {
      set({ lost: null });
      remember(memory, KEY, { sets: sets.count() ?? 0, runs: runs.count() ?? 0 });
    },
  }));
  let looked = false;
  const look = (): void => {
    const now = { sets: sets.count(), runs: runs.count() };
    if (now.sets === null || now.runs === null) return;
    if (!looked) {
      looked = true;
      const lost = { sets: now.sets === 0 ? before.sets : 0, runs: now.runs === 0 ? before.runs : 0 };
      if (lost.sets + lost.runs > 0) {
        store.setState({ lost });
        return;
      }
    }
    // Until it is read the loss is told again at each visit.
    if (store.getState().lost === null) remember(memory, KEY, now);
  };
  sets.subscribe(look);
  runs.subscribe(look);
  look();
  return store;
}

/** The loss in words: what is gone, why that can be, and what to do. */
export function lossSentence({ sets, runs }: KeptThings): string {
  const parts = [
    sets === 0 ? '' : sets === 1 ? '1 data set' : `${sets} data sets`,
    runs === 0 ? '' : runs === 1 ? '1 run' : `${runs} runs`,
  ].filter((part) => part !== '');
  const todo = [
    sets === 0 ? '' : 'Import the data sets again.',
    runs === 0 ? '' : 'Weights that were downloaded can be loaded in Predict; those that were not are lost.',
  ].filter((part) => part !== '');
  return (
    `${parts.join(' and ')} that this browser kept ${sets + runs === 1 ? 'is' : 'are'} gone, and nobody deleted ${sets + runs === 1 ? 'it' : 'them'} in the studio: ` +
    `the browser cleared this site's storage, or its database was damaged. ${todo.join(' ')}`
  );
}

function read(memory: Memory | null): KeptThings {
  const kept = recalled(memory, KEY);
  if (typeof kept === 'object' && kept !== null && 'sets' in kept && 'runs' in kept) {
    const { sets, runs } = kept;
    if (typeof sets === 'number' && typeof runs === 'number') return { sets, runs };
  }
  return { sets: 0, runs: 0 };
}
