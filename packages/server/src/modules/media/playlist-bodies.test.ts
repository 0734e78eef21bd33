import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chooseEncoding, createPlaylistBodies } from './playlist-bodies.ts';

test('a text is compressed once for each encoding', () => {
  const bodies = createPlaylistBodies();
  const file = { text: '#EXTM3U\n'.repeat(200) };
  expect(bodies.bodyOf(file, 'gzip')).toBe(bodies.bodyOf(file, 'gzip'));
  expect(gunzipSync(bodies.bodyOf(file, 'gzip')).toString()).toBe(file.text);
  expect(brotliDecompressSync(bodies.bodyOf(file, 'br')).toString()).toBe(file.text);
  expect(bodies.bodyOf(file, 'identity').toString()).toBe(file.text);
  expect(bodies.bodyOf({ ...file }, 'gzip')).not.toBe(bodies.bodyOf(file, 'gzip'));
});

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['GZIP;q=0.000', 'identity'],
  ['*', 'gzip'],
  ['identity', 'identity'],
])('%s is answered in %s', (accepted, encoding) => expect(chooseEncoding(accepted)).toBe(encoding));
