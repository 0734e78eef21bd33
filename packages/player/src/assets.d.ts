// What Vite turns into modules: a stylesheet as text, and the one file of hls.js that is shipped.
declare module '*.css?inline' {
  const css: string;

  // biome-ignore lint/style/noDefaultExport: it is how Vite hands over a text
  export { css as default };
}

declare module 'hls.js/dist/hls.min.mjs' {
  export { default } from 'hls.js';
}

/** File name of the player chunk, known once it is built; set by vite.config.ts. */
declare const __INSP_PLAYER_FILE__: string;
declare const __INSP_VERSION__: string;
