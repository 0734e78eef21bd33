import { expect, test } from 'vitest';
import { readSimulateArguments } from './simulate-command.ts';

const showId = `shw_${'0'.repeat(32)}`;
const secrets = { INSP_VIEWER_SECRET: 's', SHOP_SIMULATOR_KEY: 'k' };
const read = async (path: string) => {
  if (path === 'shop.json') return JSON.stringify({ inspUrl: 'http://insp:1', showId, viewerSecret: 'vs', simulatorKey: 'sk' });
  if (path === 'trace.csv') return 't_ms\n0\n10\n';
  if (path === 'bad.csv') return 'time\n0\n';
  throw new Error(`no file ${path}`);
};
const parse = (argv: string[], environment = {}) => readSimulateArguments(argv, environment, read);

test('the shop configuration file is enough', async () => {
  expect(await parse(['--config', 'shop.json'])).toEqual({
    kind: 'run',
    options: {
      inspUrl: 'http://insp:1',
      shopUrl: 'http://localhost:4700',
      showId,
      viewerSecret: 'vs',
      simulatorKey: 'sk',
      seed: 'demo',
      viewerCount: 60,
      durationMs: 1_800_000,
      trace: null,
    },
  });
});

test('flags and environment win over the file; a trace is read with its speed', async () => {
  const argv = [
    '--config',
    'shop.json',
    '--insp',
    'http://a:2/x',
    '--viewers',
    '5000',
    '--minutes',
    '0.5',
    '--trace',
    'trace.csv',
    '--speed',
    '10',
  ];
  expect(await parse(argv, { INSP_VIEWER_SECRET: 'other' })).toMatchObject({
    kind: 'run',
    options: {
      inspUrl: 'http://a:2',
      viewerSecret: 'other',
      viewerCount: 5_000,
      durationMs: 30_000,
      trace: { rows: [{ atMs: 0 }, { atMs: 10 }], speed: 10 },
    },
  });
});

test.each([
  [[], 'Say which show'],
  [['--show', 'shw_1'], 'not a show id'],
  [['--show', showId], 'viewer secret is missing'],
  [['--config', 'none.json'], 'no file none.json'],
  [['--config', 'shop.json', '--viewers', '5001'], '--viewers must be a whole number from 1 to 5000'],
  [['--config', 'shop.json', '--viewers', '0'], '--viewers'],
  [['--config', 'shop.json', '--viewers', '1.5'], '--viewers'],
  [['--config', 'shop.json', '--minutes', '1441'], '--minutes must be a number from 0.1 to 1440'],
  [['--config', 'shop.json', '--speed', '101'], '--speed'],
  [['--config', 'shop.json', '--insp', 'ftp://x'], '--insp must be an http address'],
  [['--config', 'shop.json', '--trace', 'bad.csv'], 'no column t_ms'],
  [['--config', 'shop.json', '--what'], '--what'],
])('%j is refused in one sentence', async (argv, message) => {
  const parsed = await parse(argv);
  expect(parsed.kind === 'wrong' ? parsed.message : parsed.kind).toContain(message);
});

test('a missing simulator key is named', async () => {
  expect(await parse(['--show', showId], { INSP_VIEWER_SECRET: 's' })).toMatchObject({ message: expect.stringContaining('simulator key') });
  expect(await parse(['--show', showId], secrets)).toMatchObject({ kind: 'run' });
  expect(await parse(['--help'])).toEqual({ kind: 'help' });
});
