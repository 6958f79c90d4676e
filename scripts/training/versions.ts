import { readFile } from 'node:fs/promises';

/** What a run was made with, for run.json. */
export async function versions(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version, dependencies } = JSON.parse(text) as { version: string; dependencies: Record<string, string> };
  return {
    detrain: version,
    '@tensorflow/tfjs': dependencies['@tensorflow/tfjs'] ?? '',
    '@tensorflow/tfjs-backend-webgpu': dependencies['@tensorflow/tfjs-backend-webgpu'] ?? '',
    node: process.version,
  };
}
