/**
 * What a served file may do, as HTTP headers: written once for the built page's head, for the preview and development
 * servers, and for the service worker, which adds them on a static host.
 */
export interface PolicyOptions {
  /** The development server: its own inline script and its socket are let through. */
  readonly development?: boolean;
}

/** The one worker whose own policy lets it ask other servers; it asks the user first. */
const ASKS_ELSEWHERE = /\/data\.worker[.-][^/]*$/;

/** The content security policy of the file at this path of the site: its own origin only, but for the data worker. */
export function contentPolicy(pathname: string, { development = false }: PolicyOptions = {}): string {
  const elsewhere = ASKS_ELSEWHERE.test(pathname) ? ['https:', 'http:'] : [];
  return [
    ['default-src', "'self'"],
    // Hashes of data sets are counted in WebAssembly.
    ['script-src', "'self'", "'wasm-unsafe-eval'", ...(development ? ["'unsafe-inline'"] : [])],
    ['style-src', "'self'", "'unsafe-inline'"],
    ['img-src', "'self'", 'blob:', 'data:'],
    // A video that a person gave, to take frames from.
    ['media-src', "'self'", 'blob:'],
    ['connect-src', "'self'", ...elsewhere, ...(development ? ['ws:'] : [])],
    ['worker-src', "'self'"],
    ['object-src', "'none'"],
    ['base-uri', "'none'"],
    ['form-action', "'none'"],
  ]
    .map((directive) => directive.join(' '))
    .join('; ');
}

/** Every header that goes with the file at this path: its policy, and isolation from other sites, which threads need. */
export function policyHeaders(pathname: string, options: PolicyOptions = {}): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentPolicy(pathname, options),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
}
