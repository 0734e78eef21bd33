// The size budget of product.md EM1. This reads what the last build left; the medium test builds by itself.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkBudget } from '../test-support/size-budget.ts';

const manifestPath = fileURLToPath(new URL('../dist/manifest.json', import.meta.url));

test.skipIf(!existsSync(manifestPath))('the built files keep their budget', () => {
  expect(checkBudget(JSON.parse(readFileSync(manifestPath, 'utf8')))).toEqual([]);
});

test('the check names every file over its budget', () => {
  const files = { 'v1.js': { gzipBytes: 26 * 1024 }, 'player-x.js': { gzipBytes: 10 }, 'hls.min-x.js': { gzipBytes: 10 } };
  expect(checkBudget({ files })).toEqual(['v1.js is 26624 bytes gzip, the budget is 25600']);
});
