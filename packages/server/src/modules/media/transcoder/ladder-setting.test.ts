import { expect, test } from 'vitest';
import { parseLadder } from './ladder-setting.ts';

test('[TR6] auto, off, or shorter sides', () => {
  expect(parseLadder('auto')).toEqual({ kind: 'auto' });
  expect(parseLadder('off')).toEqual({ kind: 'off' });
  expect(parseLadder('720, 360')).toEqual({ kind: 'sides', sidesPx: [720, 360] });
  expect(parseLadder('144,1080')).toEqual({ kind: 'sides', sidesPx: [144, 1080] });
  expect(parseLadder('200,300,400,500,600')).toMatchObject({ sidesPx: { length: 5 } });
});

test.each(['', 'on', '720,', '142', '1082', '361', '720,720', '200,300,400,500,600,700', '7.2e2', '-720'])(
  '[TR6] "%s" is refused',
  (text) => {
    expect(() => parseLadder(text)).toThrow('INSP_CONFIG_INVALID_SETTING');
  },
);
