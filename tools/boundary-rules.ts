// Who may import whom (style guide 5.2 and 6), as data and small functions. Each violation says what to do instead.
import { dirname, join, normalize } from 'node:path';
import { readManifest, type SourceFile, workspaces } from './source-files.ts';

export type Violation = { path: string; what: string; advice: string };

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isBuiltin = (specifier: string) => specifier.startsWith('node:');
const isRelative = (specifier: string) => specifier.startsWith('.');
const resolve = (file: SourceFile, specifier: string) => normalize(join(dirname(file.path), specifier)).replaceAll('\\', '/');

// ---- packages ----------------------------------------------------------------------------------------------------

type PackageRule = {
  /** Our own packages it may import. */
  ours: readonly string[];
  /** Third-party packages; absent = what its package.json declares. */
  others?: readonly string[];
  mayUseNode: boolean;
  isPure?: boolean;
};

const PACKAGE_RULES: Readonly<Record<string, PackageRule>> = {
  'packages/protocol': { ours: [], others: ['zod'], mayUseNode: false, isPure: true },
  'packages/media': { ours: [], mayUseNode: false, isPure: true },
  'packages/dataflow': { ours: [], mayUseNode: false, isPure: true },
  'packages/models': { ours: [], mayUseNode: false, isPure: true },
  'packages/client': { ours: ['@insp/protocol'], others: [], mayUseNode: false },
  'packages/player': { ours: ['@insp/client', '@insp/protocol'], others: ['hls.js'], mayUseNode: false },
  'packages/host-console': { ours: ['@insp/client', '@insp/protocol'], mayUseNode: false },
  'packages/server': { ours: ['@insp/protocol', '@insp/media', '@insp/dataflow', '@insp/models'], mayUseNode: true },
  'packages/simulator': { ours: ['@insp/client', '@insp/protocol'], mayUseNode: true },
  'packages/cli': { ours: ['@insp/server', '@insp/simulator', '@insp/protocol'], mayUseNode: true },
  'packages/test-kit': { ours: ['@insp/protocol', '@insp/media'], mayUseNode: true },
};

/** Browser packages read types and constants; zod stays on the server. */
const WITHOUT_SCHEMAS = new Set(['packages/client', 'packages/player', 'packages/host-console']);
const IMPURE = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\.|\bset(Timeout|Interval|Immediate)\(|\bprocess\./;

/** Tests, benches and development pages use what any of our packages has; all of it is installed beside them. */
const declaredAnywhere = new Set(
  workspaces().flatMap((workspace) => {
    const { name, dependencies, devDependencies } = readManifest(workspace);
    return [name, ...Object.keys({ ...dependencies, ...devDependencies })];
  }),
);

function packageViolations(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const say = (specifier: string, advice: string) => found.push({ path: file.path, what: `imports ${specifier}`, advice });
  const manifest = readManifest(file.workspace);
  const isDeclared = (name: string) =>
    name === manifest.name || (file.isSupport ? declaredAnywhere.has(name) : manifest.dependencies?.[name] !== undefined);
  const rule = PACKAGE_RULES[file.workspace];
  // Root development tools every test and configuration may use.
  const isTool = (name: string) => file.isSupport && ['vitest', 'vite', 'fast-check', 'typescript'].includes(name);

  for (const { specifier, isTypeOnly } of file.imports) {
    if (isRelative(specifier)) {
      const target = resolve(file, specifier);
      if (!target.startsWith(`${file.workspace}/`) && !file.isSupport) {
        say(specifier, 'Import another package by its name; what it does not export is its own business (5.2).');
      }
      continue;
    }
    if (isBuiltin(specifier)) {
      if (rule && !rule.mayUseNode && !file.isSupport)
        say(specifier, 'This package also runs in browsers, or is pure: it may not touch Node. Take what you need as an argument (5.2).');
      continue;
    }
    const name = packageOf(specifier);
    if (isTool(name)) continue;
    if (!isDeclared(name)) {
      say(
        specifier,
        `${file.workspace}/package.json does not declare it${manifest.devDependencies?.[name] ? ' as a dependency, only for development' : ''}.`,
      );
      continue;
    }
    if (!rule || file.isSupport) continue;
    if (name.startsWith('@insp/') && name !== manifest.name && !rule.ours.includes(name))
      say(specifier, `It may import ${rule.ours.join(', ') || 'none of our packages'} (5.2).`);
    if (!name.startsWith('@insp/') && rule.others && !rule.others.includes(name))
      say(specifier, `It may import ${rule.others.join(', ') || 'no library'} (5.2); another wants an ADR.`);
    if (specifier === '@insp/protocol/schemas' && WITHOUT_SCHEMAS.has(file.workspace) && !isTypeOnly)
      say(specifier, 'Schemas bring zod into the browser. The root entry has the types.');
    if (file.workspace === 'packages/protocol' && name === 'zod' && !file.path.includes('/schemas'))
      say(specifier, 'zod lives under src/schemas only; the root entry has types and constants.');
  }
  if (rule?.isPure && !file.isSupport) {
    const [call] = IMPURE.exec(file.code) ?? [];
    if (call !== undefined)
      found.push({
        path: file.path,
        what: `uses ${call}`,
        advice: 'This package is pure: time, randomness and output are arguments (5.2).',
      });
  }
  return found;
}

// ---- inside the server -------------------------------------------------------------------------------------------

const SERVER = 'packages/server/src/';
/** `message-store.postgres.ts`, `chat.socket.ts`: the part between the dots names the world it touches. */
const isEdge = (path: string) => /\/[\w-]+(\.[\w-]+)+\.ts$/.test(path);
const WORLD =
  /^(node:(fs|net|tls|http|https|http2|dns|child_process|os|worker_threads|timers)(\/.*)?|ws|pg|fastify|@fastify\/.*|better-auth.*|@better-auth\/.*|node-media-server.*)$/;
const WORLDLY_CALL = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(Timeout|Interval|Immediate)\(|\bfetch\(/;

function layerOf(path: string): string {
  return path.slice(SERVER.length).split('/')[0] ?? '';
}

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: ['kernel'],
  platform: ['kernel', 'platform'],
  config: ['kernel', 'config'],
  modules: ['kernel', 'platform', 'modules'],
};

function serverViolations(file: SourceFile): Violation[] {
  if (!file.path.startsWith(SERVER) || file.isSupport) return [];
  const found: Violation[] = [];
  const say = (what: string, advice: string) => found.push({ path: file.path, what, advice });
  const layer = layerOf(file.path);
  const isPlainModuleFile = layer === 'modules' && !isEdge(file.path);

  if (layer !== 'config' && /\bprocess\.env\b/.test(file.code))
    say('reads process.env', 'Only src/config reads the environment; take the value as an argument (8).');
  if (layer !== 'config' && layer !== 'modules' && layer !== 'platform' && layer !== 'kernel') return found;

  for (const { specifier, isTypeOnly } of file.imports) {
    if (!isRelative(specifier)) {
      if (isPlainModuleFile && !isTypeOnly && WORLD.test(specifier))
        say(
          `imports ${specifier}`,
          'A file without an edge suffix decides and does not touch the world. Put this in an edge file (name.http.ts, name.postgres.ts ...) and take it through ports.ts (6).',
        );
      if (packageOf(specifier) === 'pg' && layer !== 'platform')
        say(`imports ${specifier}`, 'Only platform/postgres talks to the driver (1).');
      continue;
    }
    const target = resolve(file, specifier);
    const targetLayer = layerOf(target);
    if (!MAY_IMPORT[layer]?.includes(targetLayer))
      say(`imports ${specifier}`, `${layer} may import ${MAY_IMPORT[layer]?.join(', ')} (6): wire the rest in app.ts.`);
    if (isPlainModuleFile && targetLayer === 'platform' && !isTypeOnly && !target.includes('/platform/http/')) {
      say(
        `imports ${specifier}`,
        'A file without an edge suffix decides and does not touch the world. Put this in an edge file and take it through ports.ts (6).',
      );
    }
    if (layer === 'modules' && targetLayer === 'modules') {
      const [, own] = file.path.slice(SERVER.length).split('/');
      const [, other, ...inside] = target.slice(SERVER.length).split('/');
      if (own !== other && inside.join('/') !== 'index.ts') say(`imports ${specifier}`, `${other} is entered by its index.ts (6).`);
      if (own !== other && !isTypeOnly)
        say(`imports behaviour of ${other}`, 'Other modules give types; behaviour arrives wired in app.ts, through your own ports.ts (6).');
    }
  }
  if (isPlainModuleFile) {
    const [call] = WORLDLY_CALL.exec(file.code) ?? [];
    if (call !== undefined) say(`uses ${call}`, 'Time, randomness and network are dependencies here: take Clock, Random or a port (8).');
  }
  return found;
}

/** All violations of a set of files. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [...packageViolations(file), ...serverViolations(file)]);
}

export function explain({ path, what, advice }: Violation): string {
  return `${path} ${what}\n  ${advice}`;
}
