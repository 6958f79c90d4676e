import react from '@vitejs/plugin-react';
import { type Connect, defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { processedSets } from './scripts/setup/processed-sets.ts';
import { sampleIndex } from './scripts/setup/sample-index.ts';
import { contentPolicy, type PolicyOptions, policyHeaders } from './src/base/page-policy.ts';

/** Gives every file its policy: by header where Vite serves it, and in the built page's head for hosts that send none. */
function pagePolicy(): Plugin {
  const addHeaders =
    (options: PolicyOptions): Connect.NextHandleFunction =>
    (request, response, next) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      for (const [name, value] of Object.entries(policyHeaders(pathname, options))) response.setHeader(name, value);
      next();
    };
  return {
    name: 'detrain-page-policy',
    configureServer: ({ middlewares }) => {
      middlewares.use(addHeaders({ development: true }));
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use(addHeaders({}));
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_, { server }) => {
        if (server !== undefined) return [];
        const attrs = { 'http-equiv': 'Content-Security-Policy', content: contentPolicy('/') };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

/** What draws the page is fetched beside the script that starts it, not after it. */
function fetchedBeside(module: string): Plugin {
  return {
    name: 'detrain-fetched-beside',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const chunks = Object.values(bundle ?? {}).filter((output) => output.type === 'chunk');
        const drawing = chunks.filter(({ facadeModuleId: id }) => id?.endsWith(module));
        const wanted = new Set(drawing.flatMap(({ fileName, imports }) => [fileName, ...imports]));
        const needed = chunks.filter(({ fileName }) => wanted.has(fileName));
        const styles = new Set(needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]));
        return [
          // Asked for and no more: a style sheet that stood in the head would hold up the script that starts the page.
          ...[...styles].map((fileName) => ({ rel: 'preload', as: 'style', href: `./${fileName}` })),
          ...needed.map(({ fileName }) => ({ rel: 'modulepreload', href: `./${fileName}` })),
        ].map((attrs) => ({ tag: 'link', attrs: { ...attrs, crossorigin: '' }, injectTo: 'head' }));
      },
    },
  };
}

/** Keeps the studio for use without a network, and lets it be installed. Not in development. */
const offline = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'workers',
  filename: 'service.worker.ts',
  injectRegister: false,
  registerType: 'prompt',
  injectManifest: {
    globPatterns: ['**/*.{html,js,css,wasm,png,svg,jpg,tar,safetensors,json}'],
    // ONNX Runtime is larger than all else together, and wanted by few: kept when it is first fetched. What sets a server offers is
    // known to the server alone.
    globIgnores: ['**/ort-wasm-*.wasm', 'processed/**'],
    // The largest of the others is the pretrained checkpoint.
    maximumFileSizeToCacheInBytes: 16 * 2 ** 20,
  },
  manifest: {
    id: './',
    name: 'Detrain',
    short_name: 'Detrain',
    description: 'Fine-tune a DETR object detector in this browser tab, on your own computer.',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#fbfbfa',
    theme_color: '#ffffff',
    categories: ['developer', 'productivity'],
    icons: [
      { src: 'icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
});

/** Not every host knows that .mjs is a script. */
function assetFileNames({ names: [name = ''] }: { readonly names: readonly string[] }): string {
  return `assets/[name]-[hash]${name.endsWith('.mjs') ? '.js' : '[extname]'}`;
}

export default defineConfig({
  // Relative addresses: the built folder works under any path of any static host.
  base: './',
  plugins: [
    react(),
    pagePolicy(),
    fetchedBeside('src/ui/show-studio.tsx'),
    sampleIndex(),
    processedSets(process.env.DETRAIN_PROCESSED),
    offline,
  ],
  worker: { format: 'es', rolldownOptions: { output: { assetFileNames } } },
  // They find their files by their own address, and are fetched seldom.
  optimizeDeps: { exclude: ['@huggingface/transformers', 'onnxruntime-web'] },
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    // How long plugins take is no warning.
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        // What the page begins with in one file; what rooms share in few, which have no name but that.
        // Not every host knows that .mjs is a script.
        assetFileNames: ({ names: [name = ''] }) =>
          `assets/[name]-[hash]${name.endsWith('.mjs') ? '.js' : '[extname]'}`,
        chunkFileNames: ({ name }) => `assets/${name.startsWith('shared') ? 'shared' : '[name]'}-[hash].js`,
        codeSplitting: {
          groups: [
            // Chunks of what rooms share import one another in a ring, where what one begins with must not be in another.
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            { name: 'start', tags: ['$initial'], priority: 1 },
            { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 20_000 },
          ],
        },
      },
    },
  },
});
