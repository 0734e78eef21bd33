import { expect, test } from 'vitest';
import { readCommandLine } from './command-line.ts';
import { parseConnection } from './shop-config.ts';

test('known settings are taken, the address is cut to its origin', () => {
  expect(parseConnection({ inspUrl: 'http://localhost:4600/console/', showId: '' })).toEqual({
    inspUrl: 'http://localhost:4600',
    showId: '',
  });
});

test('an unknown setting, a wrong type and no object are refused by name', () => {
  expect(() => parseConnection({ showid: 'x' })).toThrow('Unknown setting "showid"');
  expect(() => parseConnection({ showId: 1 })).toThrow('"showId" must be a text');
  expect(() => parseConnection([])).toThrow('JSON object');
});

test('flags win over environment, secrets come by environment only', () => {
  const line = readCommandLine(['--data-dir', '/d', '--port', '0'], { SHOP_PORT: '99', SHOP_DATA_DIR: '/e', INSP_VIEWER_SECRET: 's' });
  expect(line).toMatchObject({ kind: 'run', options: { dataDir: '/d', port: 0, connection: { viewerSecret: 's' } } });
  expect(readCommandLine(['--viewer-secret', 's'], {})).toMatchObject({ kind: 'wrong' });
  expect(readCommandLine([], {})).toMatchObject({ kind: 'wrong', message: expect.stringContaining('--data-dir') });
  expect(readCommandLine(['--data-dir', 'd', '--port', '65536'], {})).toMatchObject({ kind: 'wrong' });
  expect(readCommandLine(['--help'], {})).toEqual({ kind: 'help' });
});
