/** The closed set of reasons for which Detrain refuses or stops; each is something a person can act on. */
export type StudioErrorCode =
  | 'usage' // the command or the form was filled in wrongly
  | 'not-found' // a file, folder or address is not there
  | 'bad-image'
  | 'bad-annotation'
  | 'bad-archive'
  | 'bad-data-set'
  | 'bad-config'
  | 'bad-weights'
  | 'network'
  | 'gpu-unavailable'
  | 'gpu-limit' // a buffer or a workgroup past what the adapter allows
  | 'gpu-lost'
  | 'gpu-error' // a validation or out-of-memory error
  | 'non-finite' // NaN or infinity in a loss or a gradient
  | 'storage'
  | 'cancelled'
  | 'internal'; // a defect of ours

/**
 * The one error that crosses rooms. The message is a full sentence for a person: what was found, what was expected,
 * what to do. `details` holds the same facts for programs and must survive `structuredClone`.
 */
export class StudioError extends Error {
  override readonly name = 'StudioError';

  constructor(
    readonly code: StudioErrorCode,
    message: string,
    readonly details: Readonly<Record<string, string | number | boolean | null>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Turns anything thrown into a `StudioError`; what is one already is returned as it is, an abort becomes `cancelled`. */
export function toStudioError(thrown: unknown): StudioError {
  if (thrown instanceof StudioError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new StudioError('cancelled', 'Stopped on request.', {}, { cause: thrown });
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new StudioError('internal', text, {}, { cause: thrown });
}
