import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createConsistencyScopes } from './consistency-scope.ts';
import { signPosition, TOKEN_LIFE_SEC, TOKEN_MAX_LENGTH, verifyPosition } from './consistency-token.ts';
import { mayWrite } from './may-write.ts';
import { covers, laterOf, parseLsn, readPosition, UNKNOWN_POSITION } from './wal-position.ts';

const KEY = Buffer.alloc(32, 1);
const NOW = 1_790_000_000_000;
const position = fc.record({
  timeline: fc.integer({ min: 1, max: 0xffff_ffff }),
  lsn: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
});

describe('[ST4] the token', () => {
  test('comes back as it went, and is never longer than said', () => {
    fc.assert(
      fc.property(position, (one) => {
        const token = signPosition({ position: one, notedAtMs: NOW }, KEY);
        expect(token.length).toBeLessThanOrEqual(TOKEN_MAX_LENGTH);
        expect(verifyPosition(token, KEY, NOW)?.position).toEqual(one);
      }),
    );
  });
  test('any changed character makes it none, and so does another key', () => {
    const token = signPosition({ position: { timeline: 3, lsn: 0x16_b374_d848n }, notedAtMs: NOW }, KEY);
    for (let index = 0; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === '1' ? '2' : '1'}${token.slice(index + 1)}`;
      // The last character of base64url carries four bits that mean nothing; the bytes decide.
      if (index === token.length - 1) continue;
      expect(verifyPosition(changed, KEY, NOW)).toBeNull();
    }
    expect(verifyPosition(token, Buffer.alloc(32, 2), NOW)).toBeNull();
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => verifyPosition(text, KEY, NOW) === null));
  });
  test('is over after a minute, and not believed from far ahead', () => {
    const token = signPosition({ position: { timeline: 1, lsn: 5n }, notedAtMs: NOW }, KEY);
    expect(verifyPosition(token, KEY, NOW + TOKEN_LIFE_SEC * 1000)).not.toBeNull();
    expect(verifyPosition(token, KEY, NOW + TOKEN_LIFE_SEC * 1000 + 1)).toBeNull();
    expect(verifyPosition(token, KEY, NOW - 30_000)).not.toBeNull();
    expect(verifyPosition(token, KEY, NOW - 30_001)).toBeNull();
  });
});

describe('positions', () => {
  test('read and write as Postgres does', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374_d848n);
    for (const wrong of ['', '16', '16/', '/1', 'G/1', '1/123456789']) expect(() => parseLsn(wrong)).toThrow(RangeError);
    expect(readPosition({ lsn: '0/3000060', timeline: '0000001A' })).toEqual({ timeline: 26, lsn: 0x300_0060n });
  });
  test('[ST13] an insert position behind a page header is the start of the page', () => {
    expect(readPosition({ lsn: '0/3002018', timeline: '00000001' }).lsn).toBe(0x300_2000n);
    expect(readPosition({ lsn: '0/3002020', timeline: '00000001' }).lsn).toBe(0x300_2020n);
  });
  test('[ST8] say nothing across timelines; the later of two covers both of one timeline', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        if (a.timeline !== b.timeline) expect(covers(a, b)).toBe(false);
        const later = laterOf(a, b);
        expect(laterOf(b, a)).toEqual(later);
        expect(covers(later, a) || a.timeline !== later.timeline).toBe(true);
        expect(covers(a, a)).toBe(true);
        expect(covers(a, UNKNOWN_POSITION)).toBe(false);
        expect(laterOf(a, UNKNOWN_POSITION)).toEqual(UNKNOWN_POSITION);
      }),
    );
  });
});

describe('a scope', () => {
  function create() {
    const world = { nowMs: NOW, primary: { timeline: 1, lsn: 100n } };
    const read = async () => world.primary;
    return { world, scopes: createConsistencyScopes({ key: KEY, nowMs: () => world.nowMs, readPrimaryPosition: read }) };
  }

  test('[ST3] carries what it commits through awaits, and hands it on; outside nothing is carried', async () => {
    const { scopes } = create();
    const scope = scopes.open(undefined);
    expect(scope.token()).toBeNull();
    await scope.run(async () => {
      await Promise.resolve();
      scopes.noteCommit({ timeline: 1, lsn: 7n });
      scopes.noteCommit({ timeline: 1, lsn: 5n });
      await new Promise((done) => setTimeout(done, 1));
      expect(scopes.demand()).toEqual({ timeline: 1, lsn: 7n });
    });
    expect([scopes.demand(), scopes.isOpen()]).toEqual([null, false]);
    scopes.open(scope.token() ?? undefined).run(() => expect(scopes.demand()).toEqual({ timeline: 1, lsn: 7n }));
  });
  test('[ST4] that only reads hands nothing on; a forged token demands nothing; a socket forgets after a minute', () => {
    const { world, scopes } = create();
    const scope = scopes.open(signPosition({ position: { timeline: 1, lsn: 7n }, notedAtMs: NOW }, KEY));
    scope.run(() => expect(scopes.demand()).not.toBeNull());
    expect(scope.token()).toBeNull();
    scopes.open('1.7.0.AAAAAAAAAAAAAAAAAAAAAA').run(() => expect(scopes.demand()).toBeNull());
    world.nowMs += TOKEN_LIFE_SEC * 1000 + 1;
    scope.run(() => expect(scopes.demand()).toBeNull());
  });
  test('[ST5] freshly demands where the primary is now; when that is unknown, the primary itself', async () => {
    const { world, scopes } = create();
    expect(await scopes.freshly(async () => scopes.demand())).toEqual(world.primary);
    const broken = createConsistencyScopes({ key: KEY, nowMs: () => NOW, readPrimaryPosition: () => Promise.reject(new Error('away')) });
    expect(await broken.freshly(async () => broken.demand())).toEqual(UNKNOWN_POSITION);
  });
  test('[ST5] what is kept is enough until the asker has done more', async () => {
    const { world, scopes } = create();
    const kept = scopes.keep(async () => scopes.demand());
    expect(await kept.value).toEqual(world.primary);
    expect(await kept.isEnough()).toBe(true);
    const scope = scopes.open(undefined);
    await scope.run(async () => {
      expect(await kept.isEnough()).toBe(true);
      scopes.noteCommit({ timeline: 1, lsn: 100n });
      expect(await kept.isEnough()).toBe(true);
      scopes.noteCommit({ timeline: 1, lsn: 101n });
      expect(await kept.isEnough()).toBe(false);
    });
  });
});

test('[ST3] a statement that may write is told by its first word', () => {
  for (const text of ['INSERT INTO t', ' -- a\n/* b */ update t', 'WITH a AS (DELETE FROM t) SELECT 1', 'TRUNCATE t', ''])
    expect([text, mayWrite(text)]).toEqual([text, true]);
  for (const text of ['SELECT 1', '\n  -- why\n  select 1', 'EXPLAIN SELECT 1', 'show x', 'VALUES (1)'])
    expect([text, mayWrite(text)]).toEqual([text, false]);
});
