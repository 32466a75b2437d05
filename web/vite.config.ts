import { defineConfig, loadEnv, type Plugin } from 'vite';

/**
 * The first paint waits for the script (about 15 KB): the theme and the language that the
 * customer chose are then right from the first frame, without an inline script (CSP).
 */
const paintWithScript: Plugin = {
  name: 'paint-with-script',
  enforce: 'post',
  transformIndexHtml: (html) =>
    html.replaceAll('<script type="module" crossorigin', '<script type="module" blocking="render"'),
};

/** `npm run dev` serves the page and passes everything else to a running Hayate server. */
const server = loadEnv('', '.', 'HAYATE_')['HAYATE_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [paintWithScript],
  server: { proxy: { '/api': server, '/ws': { target: server, ws: true } } },
  build: {
    target: ['chrome123', 'firefox125', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
