import { type ByteCache, createByteCache } from '../base/byte-cache.ts';
import { bytesText } from '../base/bytes-text.ts';
import { toStudioError } from '../base/errors.ts';
import { differencesOf } from './feature-identity.ts';
import type { FeatureIdentity, FeatureShelf, FeatureStore } from './types.ts';

/** Features of one view: tokens `[M, d]` as f16, two a word. */
export type HalfTokens = Int32Array<ArrayBuffer>;

export interface KeptFeaturesOptions {
  /** Left out: they are kept in memory alone. */
  readonly store?: FeatureStore | undefined;
  readonly identity: FeatureIdentity;
  /** What all views of all pictures would take. */
  readonly neededBytes: number;
  readonly onNotice: (message: string) => void;
}

/** Small sets never ask the store twice. */
const MEMORY_BYTES = 256 * 2 ** 20;
/** Of one data set, in the store. */
const MOST_BYTES = 8 * 2 ** 30;
/** The rest of what is free is left to checkpoints and to others. */
const SHARE_OF_FREE = 0.5;

/** The features of a run's views: in memory, and behind it in a store as far as there is room. */
export class KeptFeatures {
  readonly #memory: ByteCache<HalfTokens> = createByteCache(MEMORY_BYTES, ({ byteLength }) => byteLength);
  readonly #onNotice: (message: string) => void;
  #shelf: FeatureShelf | null = null;
  #roomBytes = 0;
  #isWithout = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(onNotice: (message: string) => void) {
    this.#onNotice = onNotice;
  }

  /**
   * Opens what is kept of that identity. What is kept of another is deleted, which is said, and so is how much room
   * they will take. A store that cannot be read is said too, and done without.
   */
  static async open(options: KeptFeaturesOptions): Promise<KeptFeatures> {
    const features = new KeptFeatures(options.onNotice);
    const { store } = options;
    if (store !== undefined) await features.#openShelf({ ...options, store }).catch(features.#goOnWithout);
    return features;
  }

  /** The features of a view that are in memory. */
  held(key: string): HalfTokens | null {
    return this.#memory.get(key) ?? null;
  }

  /** The features of a view, from memory or from the store; null where there are none. */
  async get(key: string): Promise<HalfTokens | null> {
    const held = this.held(key);
    if (held !== null || this.#shelf === null) return held;
    const stored = await this.#shelf.get(key).catch(this.#goOnWithout);
    if (!stored) return null;
    const tokens = new Int32Array(stored);
    this.#memory.set(key, tokens);
    return tokens;
  }

  /** Keeps new features. They are stored while training goes on; the next call waits for that. */
  async put(features: ReadonlyMap<string, HalfTokens>): Promise<void> {
    for (const [key, tokens] of features) this.#memory.set(key, tokens);
    await this.#writing;
    const shelf = this.#shelf;
    if (shelf === null) return;
    const fitting = [...features].filter(([, { byteLength }]) => {
      if (byteLength > this.#roomBytes) return false;
      this.#roomBytes -= byteLength;
      return true;
    });
    if (fitting.length === 0) return;
    this.#writing = shelf.put(new Map(fitting.map(([key, { buffer }]) => [key, buffer]))).catch(this.#goOnWithout);
  }

  async #openShelf({ store, identity, neededBytes }: KeptFeaturesOptions & { store: FeatureStore }): Promise<void> {
    const kept = await store.kept();
    const differences = kept === null ? '' : differencesOf(kept.identity, identity);
    if (differences !== '') {
      this.#onNotice(`The features in ${store.place} were made with ${differences}; they are made anew.`);
    }
    this.#shelf = await store.open(identity);
    const there = kept === null || differences !== '' ? 0 : kept.bytes;
    const free = (await store.freeBytes()) ?? Number.POSITIVE_INFINITY;
    this.#roomBytes = Math.max(0, Math.min(MOST_BYTES - there, free * SHARE_OF_FREE));
    const missing = neededBytes - there;
    if (missing <= 0) return;
    const fit =
      missing <= this.#roomBytes ? '' : `; there is room for ${bytesText(this.#roomBytes)}, others are computed again`;
    const already = there > 0 ? `, ${bytesText(there)} of it there already` : '';
    this.#onNotice(
      `What the frozen part gives for each view is kept in ${store.place}: ${bytesText(neededBytes)} at most${already}${fit}.`,
    );
  }

  readonly #goOnWithout = (thrown: unknown): void => {
    if (this.#isWithout) return;
    this.#isWithout = true;
    this.#shelf = null;
    const { message } = toStudioError(thrown);
    this.#onNotice(`Features are kept in memory alone from now on. ${message}`);
  };
}
