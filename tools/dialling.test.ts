// Who may dial out for a user: two files, both behind a check of every address (integrations.md 6.4). Whoever else in the
// server opens a connection of its own fails here.
import { expect, test } from 'vitest';
import { readSources, withoutComments } from './source-files.ts';

const MAY_DIAL: Readonly<Record<string, string>> = {
  'packages/server/src/platform/outbound/dial-stream.ts': 'restream targets',
  'packages/server/src/modules/catalog/feed.http-client.ts': 'product feeds',
};
/** `connect` of net or tls, `request` or `get` of http and https, fetch, and everything that is imported as a whole. */
const DIALS = [
  /import\s*{[^}]*\b(connect|createConnection|request|get)\b[^}]*}\s*from 'node:(net|tls|http|https|http2)'/,
  /import\s+(\*\s+as\s+)?\w+\s+from 'node:(net|tls|http|https|http2|dgram)'/,
];
const FETCH = /(?<![.\w])fetch\(/;
const dials = (text: string) =>
  FETCH.test(withoutComments(text)) ||
  DIALS.some((shape) => shape.test(text.replaceAll(/import type [^;]+;/g, '').replaceAll(/\btype \w+/g, '')));

test('only what is guarded dials out', () => {
  const found = readSources()
    .filter(({ path, isSupport }) => path.startsWith('packages/server/src/') && !isSupport)
    .filter(({ text }) => dials(text))
    .map(({ path }) => path);
  expect(found.filter((path) => MAY_DIAL[path] === undefined)).toEqual([]);
  expect(Object.keys(MAY_DIAL).filter((path) => !found.includes(path))).toEqual([]);
});

test('the shapes of dialling are seen, those of listening are not', () => {
  expect(dials("import { connect, type Socket } from 'node:net';")).toBe(true);
  expect(dials("import { request as requestHttp } from 'node:https';")).toBe(true);
  expect(dials("import * as net from 'node:net';")).toBe(true);
  expect(dials('const answer = await fetch(url);')).toBe(true);
  expect(dials("import { createServer, type Server, type Socket } from 'node:net';")).toBe(false);
  expect(dials("import type { Socket } from 'node:net';")).toBe(false);
  expect(dials('client.fetch(url)')).toBe(false);
});
