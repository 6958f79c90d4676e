/** One thing that takes time to make, shared by all who ask for it. */
export interface SharedPromise<T> {
  /** Makes it at the first call, and again at the first call after a failure or `forget`. */
  get(): Promise<T>;
  /** What was made is of no use any more. */
  forget(): void;
}

/** Shares what `make` makes. A failure reaches everyone who was waiting, and is not kept. */
export function sharedPromise<T>(make: () => Promise<T>): SharedPromise<T> {
  let made: Promise<T> | null = null;
  const forget = () => {
    made = null;
  };
  return {
    get() {
      made ??= make().catch((error: unknown) => {
        forget();
        throw error;
      });
      return made;
    },
    forget,
  };
}
