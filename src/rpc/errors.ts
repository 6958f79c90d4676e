import { transferHandlers } from 'comlink';
import { StudioError, type StudioErrorCode, toStudioError } from '../base/errors.ts';

/** A `StudioError` as it travels between threads. */
export interface WireError {
  readonly code: StudioErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly stack: string | null;
}

/** Turns anything thrown into plain data that survives `structuredClone`. */
export function toWireError(thrown: unknown): WireError {
  const { code, message, details, stack } = toStudioError(thrown);
  return { code, message, details, stack: stack ?? null };
}

/** The `StudioError` that was sent, with the sender's stack. */
export function fromWireError({ code, message, details, stack }: WireError): StudioError {
  const error = new StudioError(code, message, details);
  if (stack !== null) error.stack = stack;
  return error;
}

let isKept = false;

interface ThrownValue {
  readonly value: unknown;
}

/**
 * Makes comlink carry `code`, `message` and `details` of thrown errors, which it drops by itself. To be called on both
 * sides before the first call; calling it again changes nothing. Throws `internal` where comlink has no such handler.
 */
export function keepStudioErrors(): void {
  if (isKept) return;
  const original = transferHandlers.get('throw');
  if (original === undefined) {
    throw new StudioError('internal', "comlink has no 'throw' handler to replace; pin the version that has one.");
  }
  transferHandlers.set('throw', {
    canHandle: (value): value is ThrownValue => original.canHandle(value),
    serialize: (thrown: ThrownValue): [WireError, Transferable[]] => [toWireError(thrown.value), []],
    deserialize: (wire: WireError): never => {
      throw fromWireError(wire);
    },
  });
  isKept = true;
}
