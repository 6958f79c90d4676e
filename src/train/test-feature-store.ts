import type { FeatureIdentity, FeatureShelf, FeatureStore } from './types.ts';

/** A store of features in memory whose contents a test can look at. */
export class TestFeatureStore implements FeatureStore {
  readonly place = 'the test';
  readonly features = new Map<string, ArrayBuffer>();
  identity: FeatureIdentity | null = null;
  free: number | null = null;
  /** Thrown by the next write. */
  failure: Error | null = null;

  async kept() {
    const bytes = [...this.features.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    return this.identity && { identity: this.identity, bytes };
  }

  async open(identity: FeatureIdentity): Promise<FeatureShelf> {
    if (JSON.stringify(identity) !== JSON.stringify(this.identity)) this.features.clear();
    this.identity = identity;
    return {
      get: async (key) => this.features.get(key) ?? null,
      put: async (features) => {
        if (this.failure) throw this.failure;
        for (const [key, buffer] of features) this.features.set(key, buffer);
      },
    };
  }

  async freeBytes() {
    return this.free;
  }
}
