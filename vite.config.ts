import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Writes the built page's policy into its head: it connects to its own origin only. Inline scripts are allowed by their
 * hash. In development Vite's own inline code would be refused, so the policy is left out there.
 */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'detrain-content-security-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => {
        const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code = '']) => code);
        const hashes = inline.map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
        const policy = [
          "default-src 'self'",
          ['script-src', "'self'", ...hashes].join(' '),
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' blob: data:",
          "connect-src 'self'",
          "worker-src 'self'",
          "object-src 'none'",
          "base-uri 'none'",
          "form-action 'none'",
        ].join('; ');
        const attrs = { 'http-equiv': 'Content-Security-Policy', content: policy };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  // Relative addresses: the built folder works under any path of any static host.
  base: './',
  plugins: [react(), contentSecurityPolicy()],
  worker: { format: 'es' },
  build: { target: 'esnext', assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
  server: { headers: isolation },
  preview: { headers: isolation },
});
