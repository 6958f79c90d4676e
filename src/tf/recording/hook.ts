/** Puts `around` in the place of a method, which gets the method itself first; returns what undoes that. */
export function hook<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  around: Owner[Name] extends (...args: infer Args) => infer Result
    ? (method: (...args: Args) => Result, ...args: Args) => Result
    : never,
): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const method = owner[name] as (...args: unknown[]) => unknown;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return (around as (...all: unknown[]) => unknown)((...given: unknown[]) => method.apply(this, given), ...args);
  };
  Object.defineProperty(owner, name, { value: wrapped, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(owner, name, own);
    else delete owner[name];
  };
}
