// Builds the plug-in into a folder of its own and looks at what came out: sizes, that the loader is one classic
// script without globals, that no schema library slipped in, and that the SRI hash is that of the file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBudget } from '../test-support/size-budget.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
let outDir = '';
const read = (name: string) => readFileSync(join(outDir, name), 'utf8');

beforeAll(() => {
  outDir = mkdtempSync(join(tmpdir(), 'insp-player-'));
  execFileSync(process.execPath, [vite, 'build'], { cwd: here, env: { ...process.env, INSP_PLAYER_OUT_DIR: outDir }, stdio: 'pipe' });
});
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

test('every built file keeps its budget', () => {
  expect(checkBudget(JSON.parse(read('manifest.json')))).toEqual([]);
});

test('the loader is a classic script: no import or export of its own, no name left on the page', () => {
  const loader = read('v1.js');
  expect(loader).not.toMatch(/^\s*(import|export)\b/m);
  expect(loader.trimStart()).toMatch(/^\(function|^\(\(\)=>/);
  expect(loader).toContain(JSON.parse(read('manifest.json')).player.file);
});

test('neither zod nor a framework is in any file', () => {
  for (const name of readdirSync(outDir).filter((file) => file.endsWith('.js') && !file.startsWith('hls'))) {
    expect(read(name), name).not.toMatch(/ZodError|react\.element|innerHTML/);
  }
});

test('the printed SRI hash is the hash of the loader', () => {
  const { loader } = JSON.parse(read('manifest.json'));
  expect(loader.integrity).toBe(
    `sha384-${createHash('sha384')
      .update(readFileSync(join(outDir, 'v1.js')))
      .digest('base64')}`,
  );
});
