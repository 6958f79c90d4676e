import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A server of one file. */
export interface FlakyServer {
  readonly address: string;
  /** How many answers it broke off. */
  cuts(): number;
  close(): void;
}

/**
 * Serves one file under its name at 127.0.0.1, ranges too, and breaks `cuts` answers off, each after the next equal part of
 * the file. With `bytesPerSecond` it takes its time.
 */
export async function serveFlaky(
  path: string,
  { cuts = 0, bytesPerSecond = Number.POSITIVE_INFINITY }: { readonly cuts?: number; readonly bytesPerSecond?: number },
): Promise<FlakyServer> {
  const total = statSync(path).size;
  const part = Math.ceil(total / (cuts + 1));
  let cut = 0;
  const server = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${total - 1}/${total}` } : {};
    if (from >= total) return response.writeHead(416, { 'content-range': `bytes */${total}` }).end();
    response.writeHead(from > 0 ? 206 : 200, { etag: '"made"', 'content-length': total - from, ...range });
    const closed = once(response, 'close');
    const send = async (): Promise<void> => {
      let at = from;
      for await (const chunk of createReadStream(path, { start: from, highWaterMark: 1 << 18 })) {
        const { byteLength } = chunk as Buffer;
        at += byteLength;
        if (cut < cuts && at >= (cut + 1) * part) {
          cut += 1;
          response.destroy();
          return;
        }
        if (!response.write(chunk)) {
          await Promise.race([once(response, 'drain'), closed]);
        }
        if (response.destroyed) return;
        if (Number.isFinite(bytesPerSecond)) await pause((byteLength / bytesPerSecond) * 1000);
      }
      response.end();
    };
    void send().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/${path.slice(path.lastIndexOf('/') + 1)}`,
    cuts: () => cut,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
