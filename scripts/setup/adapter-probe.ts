import { runQuietly } from './run-quietly.ts';

/** What Dawn finds in a fresh process. */
export interface ProbedAdapter {
  readonly name: string;
  readonly software: boolean;
}

// A process of its own: Dawn reads its environment once, and a driver that does not suit may end the process.
const PROBE = `
const { create } = await import('webgpu');
globalThis.keptAlive = create([]);
const adapter = await globalThis.keptAlive.requestAdapter({ powerPreference: 'high-performance' });
const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
console.log(JSON.stringify(adapter ? { vendor, architecture, device, description, isFallbackAdapter } : null));
process.exit(0);
`;

interface RawInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

/** Asks Dawn for its adapter with the given environment on top; null where there is none, or the driver fails. */
export async function probeAdapter(env: Readonly<Record<string, string>> = {}): Promise<ProbedAdapter | null> {
  const { code, stdout } = await runQuietly(process.execPath, ['--input-type=module', '--eval', PROBE], {
    timeoutMs: 30_000,
    env,
  });
  if (code !== 0) return null;
  const info = JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as RawInfo | null;
  if (info === null) return null;
  const name = info.description || info.device || info.vendor || 'a graphics adapter';
  const words = `${info.architecture} ${info.device} ${info.description}`;
  return { name, software: info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software/i.test(words) };
}
