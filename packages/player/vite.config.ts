// Two builds in one command. First the player chunk and what it loads on demand, as ES modules with hashed names;
// then the loader `v1.js`, one classic script that knows the name of the chunk. `manifest.json` says what came out,
// with the SRI hash of the loader and the sizes the budget test reads.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, defineConfig, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const version = (JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as { version: string }).version;
/** The medium test builds into a folder of its own. */
const outDir = process.env.INSP_PLAYER_OUT_DIR ?? join(here, 'dist');
const target = ['es2022', 'chrome111', 'safari16.4', 'firefox115'];

function loaderAfterPlayer(): Plugin {
  return {
    name: 'insp-loader',
    apply: 'build',
    async closeBundle() {
      const playerFile = readdirSync(outDir).find((name) => /^player-.*\.js$/.test(name));
      if (!playerFile) throw new Error('the player chunk was not built');
      await build({
        configFile: false,
        root: here,
        logLevel: 'warn',
        define: { __INSP_VERSION__: JSON.stringify(version), __INSP_PLAYER_FILE__: JSON.stringify(playerFile) },
        build: {
          outDir,
          emptyOutDir: false,
          target,
          lib: { entry: join(here, 'src/loader/v1.ts'), formats: ['iife'], name: 'inspLoader', fileName: () => 'v1.js' },
          rollupOptions: { output: { name: undefined } },
        },
      });
      writeManifest(playerFile);
    },
  };
}

function writeManifest(playerFile: string) {
  const files = Object.fromEntries(
    readdirSync(outDir)
      .filter((name) => name.endsWith('.js'))
      .sort()
      .map((name) => {
        const bytes = readFileSync(join(outDir, name));
        return [name, { bytes: statSync(join(outDir, name)).size, gzipBytes: gzipSync(bytes, { level: 9 }).length }];
      }),
  );
  const integrity = `sha384-${createHash('sha384')
    .update(readFileSync(join(outDir, 'v1.js')))
    .digest('base64')}`;
  const manifest = { version, loader: { file: 'v1.js', integrity }, player: { file: playerFile }, files };
  writeFileSync(join(outDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`v1.js ${integrity}`);
}

export default defineConfig({
  root: here,
  // Chunks find each other relative to themselves, wherever Insp is served.
  base: './',
  logLevel: 'warn',
  define: { __INSP_VERSION__: JSON.stringify(version) },
  build: {
    outDir,
    emptyOutDir: true,
    target,
    // Newer than the scripts: light-dark() must reach the page as it is, older browsers have an @supports rule.
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: { player: join(here, 'src/player.ts') },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  plugins: [loaderAfterPlayer()],
});
