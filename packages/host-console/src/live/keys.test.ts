import { expect, test } from 'vitest';
import { KEY_LIST, keyAct } from './keys.ts';

const press = (key: string, more: Partial<Parameters<typeof keyAct>[0]> = {}) =>
  keyAct({ key, hasModifier: false, isTyping: false, isGlance: false, ...more });

test('letters work in either case, digits name a line', () => {
  expect([press('n'), press('N'), press('7'), press('0'), press('q')]).toEqual(['next', 'next', { showNumber: 7 }, null, null]);
});
test('nothing happens while somebody types or holds a modifier', () => {
  expect([press('n', { isTyping: true }), press('n', { hasModifier: true })]).toEqual([null, null]);
});
test('foot pedals act in glance mode only', () => {
  expect([press('PageUp', { isGlance: true }), press('PageDown', { isGlance: true }), press('PageDown')]).toEqual([
    'take_cue',
    'skip_cue',
    null,
  ]);
});
test('every listed letter does something', () => {
  for (const { keys } of KEY_LIST.filter(({ keys }) => keys.length === 1)) expect(press(keys)).not.toBeNull();
});
