// What `npm start`, `npm test` and the other verbs run. Plain JavaScript for any Node >= 20, with nothing installed:
// it installs what is missing (packages by npm, ffmpeg, Chromium and PostgreSQL's programs by apt), builds the browser bundles when their
// sources are newer, and hands over to the Node that package.json pins. Everything it does it says.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
const at = (...parts) => join(ROOT, ...parts);
const say = (line) => process.stderr.write(`insp: ${line}\n`);

/** A second Ctrl-C within this time is the same one: the terminal, npm and we all pass it on. */
const FORCE_AFTER_MS = 2_000;
const ORPHAN_CHECK_MS = 250;

class Stop extends Error {}

// ---- running programs -------------------------------------------------------------------------------------------

/** Runs a program to its end and answers its exit code; a signal we get is passed on, and we end as it ends. */
function run(file, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', passOn);
    process.on('SIGTERM', passOn);
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', passOn);
      process.off('SIGTERM', passOn);
      // As shells say it: 128 and the number of the signal.
      done(signal === null ? code : 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1));
    });
  });
}

const runNode = (args, options) => run(NODE, args, options);

/** What npm says goes to stderr: stdout belongs to the verb (`eval` prints JSON there). */
function runNpm(args) {
  const npm = process.env.npm_execpath;
  const options = { stdio: ['inherit', 2, 'inherit'] };
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args], options) : run('npm', args, options);
}

function findProgram(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}

// ---- what must be there ------------------------------------------------------------------------------------------

async function ensurePackages() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules', '.insp-lock');
  const installed = at('node_modules', '.package-lock.json');
  if (existsSync(NODE) && existsSync(installed)) {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
    // Installed by hand: as good as ours if it is not older than the lockfile.
    if (!existsSync(stamp) && statSync(installed).mtimeMs >= statSync(at('package-lock.json')).mtimeMs) return;
  }
  say('installing npm packages (npm ci)');
  if ((await runNpm(['ci', '--no-audit', '--no-fund'])) !== 0) throw new Stop('npm ci failed');
  if (!existsSync(NODE))
    throw new Stop('npm ci left no node in node_modules/.bin: its install script may have been blocked (see allowScripts in package.json)');
  writeFileSync(stamp, lock);
}

const SYSTEM_PROGRAMS = {
  ffmpeg: { names: ['ffmpeg'], apt: ['ffmpeg', 'fonts-dejavu-core'], why: 'the synthetic encoder and the media tests' },
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], apt: ['chromium', 'fonts-liberation'], why: 'the browser tests' },
  // Debian keeps the server programs away from PATH, one folder for each version.
  postgresql: { names: ['pg_basebackup'], folders: debianPostgresFolders, apt: ['postgresql'], why: 'the tests with replicas' },
};

function debianPostgresFolders() {
  const folder = '/usr/lib/postgresql';
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'bin')) : [];
}

/**
 * Debian's postgresql makes and starts a cluster of its own when it is installed. We want its programs only: that is
 * switched off while we install, and the file is as it was afterwards.
 */
const WITHOUT_CLUSTER = `f=/etc/postgresql-common/createcluster.conf; cp -p $f $f.insp && echo 'create_main_cluster = false' >> $f`;
const AS_BEFORE = 'f=/etc/postgresql-common/createcluster.conf; [ ! -e $f.insp ] || mv $f.insp $f';

function isInstalled(name) {
  const { names, folders } = SYSTEM_PROGRAMS[name];
  if (folders === undefined) return findProgram(...names) !== null;
  return folders().some((folder) => names.every((file) => existsSync(join(folder, file))));
}

function ensurePrograms(wanted, { isRequired }) {
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const packages = missing.flatMap((name) => SYSTEM_PROGRAMS[name].apt);
  const isRoot = process.getuid?.() === 0;
  const sudo = !isRoot && findProgram('sudo') !== null && spawnSync('sudo', ['-n', 'true']).status === 0;
  const canInstall = findProgram('apt-get') !== null && (isRoot || sudo);
  if (canInstall) {
    say(`installing ${packages.join(' ')} with apt`);
    const asRoot = (file, ...args) => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      // apt's own words are for people who asked for apt; they are shown when it fails.
      const result = isRoot
        ? spawnSync(file, args, { env, encoding: 'utf8' })
        : spawnSync('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', file, ...args], { env, encoding: 'utf8' });
      if (result.status !== 0) process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
      return result.status === 0;
    };
    const install = (...names) => asRoot('apt-get', 'install', '-q', '-y', '--no-install-recommends', ...names);
    const installAll = () => {
      if (!packages.includes('postgresql')) return install(...packages);
      try {
        return install('postgresql-common') && asRoot('sh', '-c', WITHOUT_CLUSTER) && install(...packages);
      } finally {
        asRoot('sh', '-c', AS_BEFORE);
      }
    };
    if (asRoot('apt-get', 'update', '-q') && installAll()) return;
  }
  const why = missing.map((name) => `${name} (${SYSTEM_PROGRAMS[name].why})`).join(' and ');
  const how = canInstall ? 'apt could not install it' : 'there is no apt here, or no right to use it';
  const advice = `missing: ${why}; ${how}. Install by hand: sudo apt-get install ${packages.join(' ')}   (macOS: brew install ${missing.join(' ')})`;
  if (isRequired) throw new Stop(advice);
  say(`${advice}\ninsp: going on without`);
}

function newestMs(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** What a bench needs besides our packages. */
const BENCH_PROGRAMS = {
  latency: ['ffmpeg', 'chromium'],
  playback: ['ffmpeg', 'chromium'],
  replay: ['ffmpeg', 'chromium'],
  ladder: ['ffmpeg'],
  restream: ['ffmpeg'],
  reads: ['postgresql'],
};

const BUNDLES = ['player', 'host-console'];
/** What the bundles are made of besides their own package. */
const SHARED_SOURCES = ['packages/client/src', 'packages/protocol/src', 'package-lock.json'];

async function ensureBundles() {
  const sharedMs = Math.max(...SHARED_SOURCES.map((path) => newestMs(at(path))));
  for (const name of BUNDLES) {
    const folder = at('packages', name);
    const stamp = join(folder, 'dist', '.built');
    const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((path) => newestMs(join(folder, path)));
    const startedMs = Date.now();
    if (existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(sharedMs, ...sources)) continue;
    say(`building packages/${name}`);
    if ((await runNpm(['run', 'build', '--silent', '--workspace', `packages/${name}`])) !== 0)
      throw new Stop(`packages/${name} did not build`);
    writeFileSync(stamp, new Date(startedMs).toISOString());
  }
}

// ---- verbs -------------------------------------------------------------------------------------------------------

/** Pid of the parent of a process, where /proc tells; else 0. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
  } catch {
    return 0;
  }
}

/** The server with all around it. It learns by the closed channel when we are gone, whatever became of us. */
async function startInsp(nodeArgs, args) {
  const child = spawn(NODE, [...nodeArgs, at('packages/cli/src/insp.ts'), 'start', ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let firstSignalMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      const nowMs = Date.now();
      if (firstSignalMs === 0) {
        firstSignalMs = nowMs;
        child.kill(signal);
      } else if (nowMs - firstSignalMs > FORCE_AFTER_MS) child.kill(signal);
    });
  }
  // npm -> sh -> we. npm passes SIGTERM to the shell, which ends and tells nobody; killed, npm tells not even that one.
  // A parent that changed is how we learn of it.
  const starters = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const before = starters();
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || firstSignalMs > 0 || starters() === before) return;
    firstSignalMs = Date.now();
    child.kill('SIGTERM');
  }, ORPHAN_CHECK_MS);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => done(signal === null ? code : 1));
  }).finally(() => clearInterval(watch));
}

const vitest = (args) => runNode([at('node_modules/vitest/vitest.mjs'), 'run', ...args]);

function hasTypeScript(folder) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return false;
    return entry.isDirectory() ? hasTypeScript(join(folder, entry.name)) : /\.tsx?$/.test(entry.name);
  });
}

async function checkTypes() {
  const folders = ['packages', 'examples'].flatMap((group) => readdirSync(at(group)).map((name) => `${group}/${name}`));
  const projects = [...folders, 'e2e', 'bench', 'tools'].filter(
    (folder) => existsSync(at(folder, 'tsconfig.json')) && hasTypeScript(at(folder)),
  );
  const failed = [];
  const worker = async () => {
    for (let folder = projects.shift(); folder !== undefined; folder = projects.shift()) {
      if ((await runNode([at('node_modules/typescript/bin/tsc'), '-p', folder])) !== 0) failed.push(folder);
    }
  };
  await Promise.all([worker(), worker()]);
  if (failed.length > 0) say(`types: ${failed.join(', ')}`);
  return failed.length === 0;
}

async function check() {
  const faults = [];
  say('types');
  if (!(await checkTypes())) faults.push('types');
  say('format and lint');
  if ((await run(at('node_modules/.bin/biome'), ['check'])) !== 0) faults.push('format and lint');
  say('repository rules');
  if ((await vitest(['--project', 'fast', 'tools/'])) !== 0) faults.push('repository rules');
  say(faults.length === 0 ? 'check passed' : `check failed: ${faults.join(', ')}`);
  return faults.length === 0 ? 0 : 1;
}

const VERBS = {
  async start(args) {
    ensurePrograms(args.includes('--empty') ? [] : ['ffmpeg'], { isRequired: false });
    await ensureBundles();
    return startInsp([], args);
  },
  async dev(args) {
    ensurePrograms(['ffmpeg'], { isRequired: false });
    await ensureBundles();
    const vite = at('node_modules/vite/bin/vite.js');
    const watchers = BUNDLES.map((name) =>
      spawn(NODE, [vite, 'build', '--watch', '--logLevel', 'warn'], { cwd: at('packages', name), stdio: 'inherit' }),
    );
    try {
      return await startInsp(['--watch', '--watch-preserve-output'], args);
    } finally {
      for (const watcher of watchers) watcher.kill();
    }
  },
  /** Any other command of ours: npm run insp -- config. */
  insp: (args) => runNode([at('packages/cli/src/insp.ts'), ...args]),
  check,
  async test(args) {
    ensurePrograms(['ffmpeg', 'chromium'], { isRequired: true });
    ensurePrograms(['postgresql'], { isRequired: false });
    await ensureBundles();
    const checked = args.length === 0 ? await check() : 0;
    const tested = await vitest(args);
    say(`check ${checked === 0 ? 'passed' : 'FAILED'}, tests ${tested === 0 ? 'passed' : 'FAILED'}`);
    return checked || tested;
  },
  'test:fast': (args) => vitest(['--project', 'fast', ...args]),
  async 'test:medium'(args) {
    ensurePrograms(['ffmpeg', 'chromium'], { isRequired: true });
    ensurePrograms(['postgresql'], { isRequired: false });
    await ensureBundles();
    return vitest(['--project', 'medium', ...args]);
  },
  async 'test:e2e'(args) {
    ensurePrograms(['ffmpeg', 'chromium'], { isRequired: true });
    await ensureBundles();
    return vitest(['--project', 'e2e', ...args]);
  },
  async bench([name, ...args]) {
    const files = readdirSync(at('bench')).flatMap((file) =>
      file.endsWith('.ts') && !file.endsWith('.test.ts') ? [file.slice(0, -3)] : [],
    );
    // `chat-fanout-clients.ts` belongs to `chat-fanout.ts`.
    const names = files.filter((file) => !files.some((other) => file.startsWith(`${other}-`)));
    if (name === undefined || !names.includes(name)) {
      say(`which one? npm run bench -- <name>, with ${names.join(', ') || '(none yet)'}`);
      return name === undefined ? 0 : 1;
    }
    ensurePrograms(BENCH_PROGRAMS[name] ?? [], { isRequired: true });
    await ensureBundles();
    return runNode([at('bench', `${name}.ts`), ...args]);
  },
  /** Breaks the event log and its figures on purpose, and audits them: npm run faults:events -- --rounds 50. */
  'faults:events': (args) => runNode([at('e2e/faults/events/faults-events.ts'), ...args]),
  /** Breaks the incoming picture on purpose: npm run faults:media -- fuzz | cuts. */
  async 'faults:media'(args) {
    ensurePrograms(args[0] === 'cuts' ? ['ffmpeg', 'chromium'] : [], { isRequired: true });
    return runNode([at('e2e/faults/media/faults-media.ts'), ...args]);
  },
  /** Scores the models on data; stdout is one JSON object. */
  eval: (args) => runNode([at('bench/eval/eval.ts'), ...args]),
  /** Every task on its named protocol, against the bars. */
  'eval:all': (args) => runNode([at('bench/eval/all.ts'), ...args]),
  docs: (args) => runNode([at('tools/write-docs.ts'), ...args]),
};

const [verb = 'start', ...args] = process.argv.slice(2);
try {
  if (!Object.hasOwn(VERBS, verb)) throw new Stop(`no verb "${verb}"; there are ${Object.keys(VERBS).join(', ')}`);
  await ensurePackages();
  process.exitCode = await VERBS[verb](args);
} catch (cause) {
  if (!(cause instanceof Stop)) throw cause;
  say(cause.message);
  process.exitCode = 1;
}
