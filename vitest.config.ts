// Three rings (style.md 8): fast = pure and in memory; medium = real Postgres, ffmpeg, sockets; e2e = Chromium.
import { defineConfig } from 'vitest/config';

const everywhere = ['packages/*/{src,test-support}', 'examples/*/src', 'e2e', 'bench', 'tools'];
const files = (suffix: string) => everywhere.map((place) => `${place}/**/*${suffix}.{ts,tsx}`);

// Tests never time; a limit only ends a hang, also on a busy machine.
const expect = { poll: { timeout: 60_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          expect,
          include: files('.test'),
          exclude: [...files('.medium.test'), ...files('.e2e.test'), '**/node_modules/**'],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'medium',
          expect,
          include: files('.medium.test'),
          globalSetup: ['packages/server/test-support/postgres-global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          expect,
          include: files('.e2e.test'),
          globalSetup: ['packages/server/test-support/postgres-global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // One at a time: each is a whole system on two cores.
          fileParallelism: false,
        },
      },
    ],
  },
});
