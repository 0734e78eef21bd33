import { expect, test } from 'vitest';
import { nextAddress } from './next-address.ts';

test('goes back to a page of the console', () => expect(nextAddress('?next=%2Fshows%2Fshw_1')).toBe('/shows/shw_1'));
test.each(['', '?next=https://evil.example', '?next=//evil.example', '?next=/%5Cevil.example', '?next=javascript:alert(1)'])(
  'never leaves it: %s',
  (search) => {
    expect(nextAddress(search)).toBe('/');
  },
);
