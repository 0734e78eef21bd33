// `npm run docs`: writes the reference pages that are made of the code.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReferenceDocs } from './reference-docs.ts';
import { ROOT } from './source-files.ts';

const folder = join(ROOT, 'docs', 'reference');
await mkdir(folder, { recursive: true });
for (const [name, text] of await makeReferenceDocs()) await writeFile(join(folder, name), text);
// Committed pages are formatted like everything else.
execFileSync(join(ROOT, 'node_modules', '.bin', 'biome'), ['format', '--write', folder], { cwd: ROOT, stdio: 'ignore' });
