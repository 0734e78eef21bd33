import { expect, test } from 'vitest';
import { parseServerRoles, SERVER_ROLES } from './roles.ts';

test('all is every role; a list is what it says; dataflow runs apart', () => {
  expect([...parseServerRoles('all')]).toEqual([...SERVER_ROLES]);
  expect([...parseServerRoles('dataflow')]).toEqual(['dataflow']);
  expect(parseServerRoles('api, realtime,media,worker').has('dataflow')).toBe(false);
});

test('unknown roles, and splits that would cut rooms apart, are refused', () => {
  expect(() => parseServerRoles('api,chat')).toThrow(/no role "chat"/);
  expect(() => parseServerRoles('api')).toThrow(/run in one process/);
});
