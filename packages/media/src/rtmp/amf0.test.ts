import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AMF0_LIMITS, type AmfValue, readAmf0, writeAmf0 } from './amf0.ts';

const key = fc.string({ minLength: 1, maxLength: 12 });
const { value: amfValue } = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ) as fc.Arbitrary<AmfValue>,
}));

describe('AMF0', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.array(amfValue, { maxLength: 5 }), (values) => {
        // JSON drops prototypes, which the reader leaves out on purpose.
        const plain = (input: unknown) => JSON.stringify(input, (_key, item) => (item === undefined ? '__undefined' : item));
        expect(plain(readAmf0(writeAmf0(values)))).toBe(plain(values));
      }),
    );
  });

  test('a string beyond 65,535 bytes becomes a long string', () => {
    const text = 'ä'.repeat(40_000);
    expect(writeAmf0([text])[0]).toBe(0x0c);
    expect(readAmf0(writeAmf0([text]))).toEqual([text]);
  });

  test('[RI6] random bytes give values or null, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const values = readAmf0(bytes);
        expect(values === null || Array.isArray(values)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('[RI6] nesting is read up to the limit and refused beyond', () => {
    const nested = (depth: number): AmfValue => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(readAmf0(writeAmf0([nested(AMF0_LIMITS.depth)]))).not.toBeNull();
    expect(readAmf0(writeAmf0([nested(AMF0_LIMITS.depth + 1)]))).toBeNull();
  });

  test('[RI6] the number of values is capped, also when an array only claims to be long', () => {
    expect(readAmf0(writeAmf0(new Array(AMF0_LIMITS.valueCount).fill(1)))).toHaveLength(AMF0_LIMITS.valueCount);
    expect(readAmf0(writeAmf0(new Array(AMF0_LIMITS.valueCount + 1).fill(1)))).toBeNull();
    expect(readAmf0(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff))).toBeNull();
  });

  test('a key named __proto__ is data and touches no prototype', () => {
    const [value] = readAmf0(writeAmf0([JSON.parse('{"__proto__":{"polluted":true}}')])) as [Record<string, unknown>];
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('references and unknown markers are refused', () => {
    expect(readAmf0(Uint8Array.of(0x07, 0, 0))).toBeNull();
    expect(readAmf0(Uint8Array.of(0x42))).toBeNull();
  });
});
