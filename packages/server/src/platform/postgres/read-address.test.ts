import { expect, test } from 'vitest';
import { MAX_READERS, parseReadAddresses } from './read-address.ts';

test('commas and lines, remarks, a kind that the driver does not see, names without passwords, each once', () => {
  const parsed = parseReadAddresses(
    '# replicas\npostgres://u:hush@a:5433/insp?sslmode=require, postgresql://b/insp?insp_kind=endpoint\n\npostgres://u:hush@a:5433/insp?sslmode=require\n',
  );
  expect(parsed).toEqual([
    { url: 'postgres://u:hush@a:5433/insp?sslmode=require', kind: 'replica', name: 'a:5433/insp' },
    { url: 'postgresql://b/insp', kind: 'endpoint', name: 'b/insp' },
  ]);
  expect(parseReadAddresses(' \n# nobody today\n')).toEqual([]);
});

test('what is wrong is refused by its place, and never shown', () => {
  for (const text of [
    'postgres://a/b, mysql://u:hush@a/b',
    'postgres://a/b,hush',
    'postgres://a/b,postgres://u:hush@a/b?insp_kind=reader',
  ]) {
    expect(() => parseReadAddresses(text)).toThrow(/INSP_CONFIG_INVALID_SETTING.*address 2/);
    expect(() => parseReadAddresses(text)).not.toThrow(/hush/);
  }
  const many = (count: number) => Array.from({ length: count }, (_, index) => `postgres://h${index}/insp`).join(',');
  expect(parseReadAddresses(many(MAX_READERS))).toHaveLength(MAX_READERS);
  expect(() => parseReadAddresses(many(MAX_READERS + 1))).toThrow(/At most 32/);
});
