// The sources of the repository and what they import, for the repository rules. Reads text, not syntax trees: our own
// formatter keeps imports in one shape.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

export type Import = { specifier: string; isTypeOnly: boolean };
export type SourceFile = {
  /** From the root, with forward slashes: `packages/server/src/app.ts`. */
  path: string;
  /** `packages/server`, `examples/demo-shop`, `e2e` ... */
  workspace: string;
  text: string;
  /** Without comments: for rules about calls. */
  code: string;
  imports: Import[];
  /** Tests, test support, configuration and development pages: not what ships. */
  isSupport: boolean;
};

const SKIPPED = new Set(['node_modules', 'dist', '.insp', 'coverage']);
const SUPPORT =
  /\.(test|test-d|contract|bench|config)\.tsx?$|^(e2e|bench|tools)\/|\/(test-support|dev|fixtures?)\/|\/(arbitraries|fixtures?)\.ts$/;

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield path;
  }
}

/** Import and re-export statements, and dynamic imports of a literal. */
export function findImports(text: string): Import[] {
  const found: Import[] = [];
  for (const [, keyword, clause, specifier] of text.matchAll(/^(import|export)\s([^;'"]*?)\bfrom\s+['"]([^'"]+)['"]/gms)) {
    const names = /^\{([\s\S]*)\}\s*$/
      .exec((clause ?? '').trim())?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const isTypeOnly =
      /^type\b/.test((clause ?? '').trim()) || (names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type ')));
    found.push({ specifier: specifier ?? '', isTypeOnly: isTypeOnly && keyword !== undefined });
  }
  for (const [, specifier] of text.matchAll(/^import\s+['"]([^'"]+)['"]/gm)) found.push({ specifier: specifier ?? '', isTypeOnly: false });
  for (const [, specifier] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ specifier: specifier ?? '', isTypeOnly: false });
  return found;
}

/** Takes comments and the contents of plain strings out, roughly: enough for rules about calls. */
export function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

export function workspaces(): string[] {
  const inside = (group: string) => readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`);
  return [...inside('packages'), ...inside('examples'), 'e2e', 'bench', 'tools'].filter((path) =>
    existsSync(join(ROOT, path, 'package.json')),
  );
}

export function readSources(): SourceFile[] {
  return workspaces().flatMap((workspace) =>
    [...walk(join(ROOT, workspace))].map((file): SourceFile => {
      const path = relative(ROOT, file).replaceAll('\\', '/');
      const text = readFileSync(file, 'utf8');
      return { path, workspace, text, code: withoutComments(text), imports: findImports(text), isSupport: SUPPORT.test(path) };
    }),
  );
}

export function readManifest(workspace: string): {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
} {
  return JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8'));
}
