import { StudioError } from '../base/errors.ts';
import { randomId } from '../base/random-id.ts';

/** What the page is asked before a worker asks another server for something. */
export interface OutsideQuestion {
  readonly url: string;
  /** What is fetched, in words, such as `blood-cells.tar.gz`. */
  readonly what: string;
  /** What goes along with the request, such as `your token`; nothing where it is left out. */
  readonly sends?: string;
}

/** A message from a worker about the world beyond this site; comlink passes over them. */
type OutsideMessage =
  | { readonly detrain: 'asked-outside'; readonly url: string }
  | { readonly detrain: 'may-ask-outside'; readonly id: string; readonly question: OutsideQuestion };

interface OutsideAnswer {
  readonly detrain: 'outside-answer';
  readonly id: string;
  readonly allowed: boolean;
}

/** What a page does about its workers' requests beyond this site. */
export interface OutsideHost {
  /** A worker asked this address. */
  onAsked(url: string): void;
  /** Asks the user; resolves to whether it may be fetched. */
  mayAsk(question: OutsideQuestion): Promise<boolean>;
}

/** The two ends that a message can be sent from and heard at: a worker, its global scope, a port. */
export interface Speaker extends EventTarget {
  postMessage(message: unknown): void;
}

/** In the page: hears a worker's reports and answers its questions. A question that fails counts as refused. */
export function answerOutside(worker: Speaker, host: OutsideHost): void {
  worker.addEventListener('message', (event) => {
    const message = outsideMessage(event);
    if (message === null) return;
    if (message.detrain === 'asked-outside') {
      host.onAsked(message.url);
      return;
    }
    const answer = (allowed: boolean): void => {
      worker.postMessage({ detrain: 'outside-answer', id: message.id, allowed } satisfies OutsideAnswer);
    };
    void host.mayAsk(message.question).then(answer, () => answer(false));
  });
}

/** In a worker: asks the page, which asks the user, whether an address may be fetched. Rejects with the signal's reason. */
export function askPage(
  question: OutsideQuestion,
  signal?: AbortSignal,
  scope: Speaker = workerScope(),
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const id = randomId();
    const end = (): void => {
      scope.removeEventListener('message', hear);
      signal?.removeEventListener('abort', abort);
    };
    const hear = (event: Event): void => {
      const answer = 'data' in event ? (event.data as Partial<OutsideAnswer> | null) : null;
      if (answer?.detrain !== 'outside-answer' || answer.id !== id) return;
      end();
      resolve(answer.allowed === true);
    };
    const abort = (): void => {
      end();
      reject(new StudioError('cancelled', 'Stopped on request.'));
    };
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort);
    scope.addEventListener('message', hear);
    scope.postMessage({ detrain: 'may-ask-outside', id, question } satisfies OutsideMessage);
  });
}

/** In a worker: tells the page of every request beyond `origin` that the browser has seen this worker make. */
export function reportOutside(origin: string, scope: Speaker = workerScope()): void {
  watchOutside(origin, (url) => {
    scope.postMessage({ detrain: 'asked-outside', url } satisfies OutsideMessage);
  });
}

/** Calls back with the address of every request of this thread beyond `origin`, from its beginning on. */
export function watchOutside(origin: string, onAsked: (url: string) => void): void {
  if (typeof PerformanceObserver === 'undefined') return;
  const observer = new PerformanceObserver((entries) => {
    for (const { name } of entries.getEntries()) if (isOutside(name, origin)) onAsked(name);
  });
  observer.observe({ type: 'resource', buffered: true });
}

/** True for an address of another server: blob and data addresses stay in the browser. */
export function isOutside(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin: other } = new URL(url);
  return /^(https?|wss?|ftp):$/.test(protocol) && other.replace(/^ws/, 'http') !== origin;
}

function outsideMessage(event: Event): OutsideMessage | null {
  if (!('data' in event)) return null;
  const data: unknown = event.data;
  if (typeof data !== 'object' || data === null || !('detrain' in data)) return null;
  return data.detrain === 'asked-outside' || data.detrain === 'may-ask-outside' ? (data as OutsideMessage) : null;
}

function workerScope(): Speaker {
  return globalThis as unknown as Speaker;
}
