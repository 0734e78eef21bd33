// The present contract against every released one, and proof that the check sees each kind of breaking change.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBreakingChanges } from './event-compatibility.ts';
import { describeEvents, type EventContract } from './schemas.ts';

const FOLDER = join(import.meta.dirname, '..', 'released');
const releases = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test('there is a release to hold to', () => expect(releases).toContain('events-1.json'));

test.each(releases)('the contract keeps what %s promised', (name) => {
  const released: EventContract = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  expect(Object.keys(released.events).length).toBeGreaterThan(30);
  expect(findBreakingChanges(released, describeEvents()).join('\n')).toBe('');
});

type Node = Record<string, unknown>;
/** A contract that may be written to. */
type Loose = {
  envelope: { properties: Record<string, Node>; required: string[] };
  events: Record<string, { code: number; v: number; stream: string; payload: { properties: Record<string, Node>; required: string[] } }>;
  columns: { name: string; type: string; isNullable: boolean }[];
};
const changed = (change: (contract: Loose) => void): string[] => {
  const later = structuredClone(describeEvents()) as unknown as Loose;
  change(later);
  return findBreakingChanges(describeEvents(), later as unknown as EventContract);
};
const event = (contract: Loose, name: string) => contract.events[name] as Loose['events'][string];
const ban = (contract: Loose) => event(contract, 'chat.viewer_banned').payload;
const sold = (contract: Loose) => event(contract, 'orders.line_sold').payload;

describe('a breaking change is told in words', () => {
  const cases: [string, (contract: Loose) => void, RegExp][] = [
    ['an event that is gone', (c) => delete c.events['player.pip'], /player\.pip was removed: the log still holds it/],
    ['another code', (c) => (event(c, 'player.pip').code = 99), /player\.pip had code 44 and has 99/],
    ['a code used again', (c) => (c.events['player.new'] = { ...event(c, 'player.pip') }), /player\.new uses code 44 of player\.pip again/],
    [
      'a code used again after its event went away',
      (c) => {
        c.events['player.new'] = event(c, 'player.pip');
        delete c.events['player.pip'];
      },
      /player\.pip was removed[\s\S]*player\.new uses code 44 of player\.pip again/,
    ],
    [
      'two new events with one code',
      (c) => {
        c.events['a.a'] = { ...event(c, 'player.pip'), code: 900 };
        c.events['b.b'] = { ...event(c, 'player.pip'), code: 900 };
      },
      /b\.b and a\.a share code 900/,
    ],
    ['another stream', (c) => (event(c, 'player.pip').stream = 'chat'), /moved from stream engage to chat/],
    ['an older version', (c) => (event(c, 'player.pip').v = 0), /went back from v1 to v0/],
    ['a field that is gone', (c) => delete sold(c).properties.sku, /orders\.line_sold\.payload\.sku was removed/],
    [
      'a field renamed',
      (c) => {
        sold(c).properties.skuText = sold(c).properties.sku as Node;
        delete sold(c).properties.sku;
      },
      /payload\.sku was renamed to skuText: readers look for sku/,
    ],
    ['a field retyped', (c) => (sold(c).properties.sku = { type: 'integer' }), /payload\.sku was string and is integer/],
    ['a field that may be null now', (c) => (sold(c).properties.sku = { type: ['string', 'null'], maxLength: 200 }), /sku may now be null/],
    ['a field that may be null no more', (c) => (ban(c).properties.untilMs = { type: 'integer' }), /untilMs may no longer be null/],
    ['a shorter text', (c) => ((sold(c).properties.sku as Node).maxLength = 10), /sku was narrowed: maxLength 200 became 10/],
    ['a bound where none was', (c) => ((sold(c).properties.sku as Node).minLength = 1), /sku was narrowed: minLength none became 1/],
    [
      'a higher least number',
      (c) => ((c.envelope.properties.weight as Node).minimum = 2),
      /envelope\.weight was narrowed: minimum 1 became 2/,
    ],
    ['a word that is gone', (c) => ((ban(c).properties.scope as Node).enum = ['show']), /scope no longer takes organization/],
    ['text that became a list of words', (c) => ((sold(c).properties.sku as Node).enum = ['a']), /sku no longer takes any other word/],
    ['another pattern', (c) => ((sold(c).properties.orderId as Node).pattern = '^x$'), /orderId had pattern/],
    [
      'a new field that must be there',
      (c) => {
        sold(c).properties.color = { type: 'string' };
        sold(c).required.push('color');
      },
      /payload\.color is new and required/,
    ],
    ['a field that must be there now', (c) => c.envelope.required.splice(0, 1), /is now optional, but readers rely on it/],
    [
      'elements of a list retyped',
      (c) => ((event(c, 'shows.line_up_changed').payload.properties.productIds as Node).items = { type: 'integer' }),
      /productIds\[\] was string and is integer/,
    ],
    ['an envelope field that is gone', (c) => delete c.envelope.properties.orgId, /the envelope\.orgId was removed/],
    [
      'a part of an envelope field retyped',
      (c) => {
        (c.envelope.properties.actor as { properties: Record<string, Node> }).properties.kind = { type: 'integer' };
      },
      /envelope\.actor\.kind was string and is integer/,
    ],
    ['a column that is gone', (c) => c.columns.splice(0, 1), /column id was removed/],
    ['a column retyped', (c) => ((c.columns[0] as Node).type = 'bigint'), /column id was text and is bigint/],
  ];
  test.each(cases)('%s', (_, change, words) => expect(changed(change).join('\n')).toMatch(words));
});

describe('what may change', () => {
  const cases: [string, (contract: Loose) => void][] = [
    ['nothing', () => {}],
    ['a new event with a new code', (c) => (c.events['player.new'] = { ...event(c, 'player.pip'), code: 900 })],
    ['an optional field', (c) => (sold(c).properties.color = { type: 'string' })],
    ['an optional envelope field', (c) => (c.envelope.properties.device = { type: 'string' })],
    ['a wider bound', (c) => ((sold(c).properties.sku as Node).maxLength = 400)],
    ['one more word', (c) => ((ban(c).properties.scope as Node).enum = ['show', 'organization', 'all'])],
    ['a newer version', (c) => (event(c, 'player.pip').v = 2)],
    ['one more column', (c) => c.columns.push({ name: 'b1d', type: 'integer', isNullable: false })],
    ['another description', (c) => ((sold(c).properties.sku as Node).description = 'words')],
  ];
  test.each(cases)('%s', (_, change) => expect(changed(change)).toEqual([]));
});
