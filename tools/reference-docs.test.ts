import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeReferenceDocs } from './reference-docs.ts';
import { ROOT } from './source-files.ts';

/** The formatter pads tables and breaks JSON; neither changes what a page says. */
const meaning = (name: string, text: string) =>
  name.endsWith('.json') ? JSON.stringify(JSON.parse(text)) : text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();

test('the reference says what the code says (if not: npm run docs, and look at the diff)', async () => {
  for (const [name, text] of await makeReferenceDocs()) {
    const written = await readFile(join(ROOT, 'docs', 'reference', name), 'utf8').catch(() => '"missing"');
    expect(meaning(name, written) === meaning(name, text), `docs/reference/${name} is not what the code says: run npm run docs`).toBe(true);
  }
});
