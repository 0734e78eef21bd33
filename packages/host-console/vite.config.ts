// The console is one static page under /console/; the server answers every address below it with index.html.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const INSP_ADDRESS = 'http://localhost:4600';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // hls.js and uPlot come in chunks of their own, loaded by the pages that draw them.
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/v1': { target: INSP_ADDRESS, ws: true }, '/live': INSP_ADDRESS, '/embed': INSP_ADDRESS } },
});
