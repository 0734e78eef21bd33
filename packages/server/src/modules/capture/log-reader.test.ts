// A reader of this version on rows of a newer one (events-and-store.md 12.13): it loses nothing it cannot understand.
import { eventDefinitions } from '@insp/protocol/schemas';
import { expect, test } from 'vitest';
import { factToLogRow, type LogRow, logRowToEvent } from './log-row.ts';
import { type ExportRow, exportLine, exportShow } from './show-export.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const SHOW = `shw_${hex(1)}` as const;
const usual = {
  orgId: 'org',
  showId: SHOW,
  occurredAt: 1_000,
  isSimulated: false,
  viewerId: null,
  productId: null,
  highlightId: null,
} as const;
const row = (more: Partial<LogRow> = {}, seq = 1): ExportRow => ({
  ...factToLogRow(
    {
      ...usual,
      id: `evt_${hex(seq)}`,
      name: 'orders.line_sold',
      v: 1,
      actor: { kind: 'shop', id: null },
      kind: null,
      amountMinor: 4_900,
      weight: 2,
      payload: { orderId: `ord_${hex(1)}`, lineId: '1', sku: 'a', currency: 'EUR' },
    },
    2_000,
  ),
  ...more,
  seq,
  xid: '7',
});
const future = (props: object = {}) => row({ v: 7, props: { ...row().props, ...props } });

test('a field this version does not know is kept, at whatever version it came', () => {
  expect(logRowToEvent(future({ giftWrap: true, parts: [{ deep: 1 }] }))).toMatchObject({
    v: 7,
    payload: { sku: 'a', giftWrap: true, parts: [{ deep: 1 }] },
  });
  expect(JSON.parse(exportLine(future({ giftWrap: true }), true) ?? '')).toMatchObject({ v: 7, payload: { giftWrap: true } });
});

test('a type this version does not know is skipped, and an export counts it', async () => {
  const unknown = Math.max(...Object.values(eventDefinitions).map(({ code }) => code)) + 1;
  const rows = [row({}, 1), row({ type: unknown }, 2), row({}, 3)];
  expect(rows.map(logRowToEvent).map((event) => event?.name ?? null)).toEqual(['orders.line_sold', null, 'orders.line_sold']);
  const source = { horizon: async () => '8', page: async (_show: string, _below: string, after: { seq: number }) => rows.slice(after.seq) };
  let text = '';
  for await (const chunk of exportShow(source, { orgId: 'org', showId: SHOW, hasTurnover: true, nowMs: 5 })) text += chunk;
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1),
  ).toEqual({ line: 'trailer', eventCount: 2, skippedCount: 1 });
});

test('[OR2] without the right to turnover no amount of an order is told, and the counts stay', () => {
  const line = exportLine(row(), false) ?? '';
  expect(line).not.toContain('4900');
  expect(JSON.parse(line)).toMatchObject({ amountMinor: null, weight: 2, payload: { currency: 'EUR' } });
  const watching = exportLine(row({ type: eventDefinitions['realtime.concurrency_sampled'].code, amount_minor: 12, props: {} }), false);
  expect(JSON.parse(watching ?? '')).toMatchObject({ amountMinor: 12 });
});

test('[OR2] every event that carries money is known to be turnover', () => {
  for (const [name, { code, payload }] of Object.entries(eventDefinitions)) {
    const isMoney = 'shape' in payload && 'currency' in (payload.shape as object);
    const told = JSON.parse(exportLine(row({ type: code }), false) ?? '{}').amountMinor;
    expect([name, told]).toEqual([name, isMoney ? null : 4_900]);
  }
});
