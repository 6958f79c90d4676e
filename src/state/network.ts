import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OutsideQuestion } from '../rpc/outside.ts';

/** One request beyond the studio's own site. */
export interface OutsideRequest {
  /** The first of this page is 1. */
  readonly number: number;
  readonly url: string;
  /** Who asked: `page`, or a worker's name. */
  readonly from: string;
}

export interface NetworkState {
  /** What was asked of other servers since the page was opened, oldest first; as the browser has measured it. */
  readonly outside: readonly OutsideRequest[];
  /** What the user is asked just now. */
  readonly question: OutsideQuestion | null;
  /** A request was seen. */
  asked(url: string, from: string): void;
  /** Puts a question to the user, after those before it; resolves to the answer. */
  mayAsk(question: OutsideQuestion): Promise<boolean>;
  /** The user's answer to `question`. */
  answer(allowed: boolean): void;
}

/** What the page and its workers asked of other servers, and what the user is asked before they do. */
export function createNetworkStore(): StoreApi<NetworkState> {
  const waiting: { readonly question: OutsideQuestion; readonly resolve: (allowed: boolean) => void }[] = [];
  return createStore<NetworkState>()((set, get) => ({
    outside: [],
    question: null,
    asked: (url, from) => {
      const { outside } = get();
      set({ outside: [...outside, { number: outside.length + 1, url, from }] });
    },
    mayAsk: (question) =>
      new Promise((resolve) => {
        waiting.push({ question, resolve });
        set({ question: waiting[0]?.question ?? null });
      }),
    answer: (allowed) => {
      waiting.shift()?.resolve(allowed);
      set({ question: waiting[0]?.question ?? null });
    },
  }));
}
