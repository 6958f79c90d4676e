import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'vite';
import { tinyDefine } from './tiny-define.ts';

// Run by `npx tsx bench/bundle.ts OUT.mjs`: writes carried.ts with all that it needs into one file, and Dawn's native
// part where the package `webgpu` looks for it from there, dist/PLATFORM-ARCH/dawn.node.
const [out] = process.argv.slice(2);
if (!out?.endsWith('.mjs')) {
  process.stderr.write(`Found ${out ?? 'no name'}; expected a file to write, such as /tmp/bench/bench.mjs.\n`);
  process.exit(2);
}
await build({
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  define: await tinyDefine(),
  ssr: { noExternal: true },
  build: {
    ssr: join(import.meta.dirname, 'carried.ts'),
    target: 'node20',
    outDir: dirname(out),
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: basename(out), codeSplitting: false } },
  },
});
const native = join('dist', `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`);
const from = join(dirname(createRequire(import.meta.url).resolve('webgpu')), native, 'dawn.node');
await mkdir(join(dirname(out), native), { recursive: true });
await copyFile(from, join(dirname(out), native, 'dawn.node'));
process.stdout.write(`Wrote ${out} and ${join(dirname(out), native, 'dawn.node')}.\n`);
