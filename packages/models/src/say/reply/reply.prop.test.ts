import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FactIndex, type ProductFact } from '../facts/fact-retrieval.ts';
import { figuresOf, uncoveredFigures } from './figures.ts';
import { HintQueue } from './hint-queue.ts';
import { AUTONOMY_STEPS, ReplyDesk } from './reply-desk.ts';
import { checkDraft, draftReply, MAX_DRAFT_AGE_MS, type ReplyDraft, replyCacheKey, type ShopNow } from './reply-draft.ts';
import { checkScarcity, DEFAULT_SCARCITY, type UrgencyProof } from './scarcity-guard.ts';
import { findUrgencyClaims } from './urgency-claims.ts';

const price = (version: number, text: string): ProductFact => ({ id: 'bag-price', productId: 'bag', version, field: 'price', text });
const shopOf = (facts: readonly ProductFact[], proofs: readonly UrgencyProof[] = []): ShopNow => ({
  fact: (id) => facts.find((fact) => fact.id === id) ?? null,
  proofs,
});

function draftOf(fact: ProductFact, words?: string, nowMs = 0): ReplyDraft {
  const index = new FactIndex();
  index.put(fact);
  return draftReply(
    { id: 'd1', questionGroupId: 7, nowMs },
    index.find(fact.field, 'bag'),
    words === undefined ? undefined : () => words,
  ) as ReplyDraft;
}

describe('figures', () => {
  test('one value, however it is written', () => {
    expect(figuresOf('４９,00 EUR')).toEqual([[4900, 49]]);
    expect(uncoveredFigures('it is 49 euro', ['49.00 EUR'])).toEqual([]);
    expect(uncoveredFigures('1299', ['1,299.00'])).toEqual([]);
    expect(uncoveredFigures('1.299,50', ['1,299.50'])).toEqual([]);
    expect(uncoveredFigures('it is 39 euro, not 49', ['49.00 EUR'])).toEqual(['39']);
  });
});

describe('a draft at send time', () => {
  test('goes as long as its facts stand, and cites them', () => {
    expect(checkDraft(draftOf(price(3, '49.00 EUR')), shopOf([price(3, '49.00 EUR')]), 10)).toEqual({
      kind: 'send',
      text: '49.00 EUR',
      cites: [{ id: 'bag-price', version: 3 }],
      proofIds: [],
    });
  });
  test('is blocked when the fact changed, is gone, the figure is not its own, or it is too old', () => {
    const draft = draftOf(price(3, '49.00 EUR'));
    const reason = (shop: ShopNow, nowMs: number, of = draft) => checkDraft(of, shop, nowMs);
    expect(reason(shopOf([price(4, '59.00 EUR')]), 10)).toMatchObject({ kind: 'blocked', reason: 'fact_changed' });
    expect(reason(shopOf([]), 10)).toMatchObject({ kind: 'blocked', reason: 'fact_gone' });
    const invented = draftOf(price(3, '49.00 EUR'), 'only for you: 39 EUR');
    expect(reason(shopOf([price(3, '49.00 EUR')]), 10, invented)).toMatchObject({ reason: 'figure_without_fact', detail: '39' });
    expect(reason(shopOf([price(3, '49.00 EUR')]), MAX_DRAFT_AGE_MS)).toMatchObject({ kind: 'send' });
    expect(reason(shopOf([price(3, '49.00 EUR')]), MAX_DRAFT_AGE_MS + 1)).toMatchObject({ reason: 'too_old' });
  });
  test('pressure needs proof even when the price is right; a proven claim covers its own figure only', () => {
    const shop = (proofs: readonly UrgencyProof[]) => shopOf([price(3, '49.00 EUR')], proofs);
    const timer: UrgencyProof = { kind: 'timer', id: 'deal-1', endsAtMs: 120_000 };
    const pressed = draftOf(price(3, '49.00 EUR'), '49 EUR, the offer ends in 2 minutes');
    expect(checkDraft(pressed, shop([]), 0)).toMatchObject({ reason: 'urgency_without_proof' });
    expect(checkDraft(pressed, shop([timer]), 0)).toMatchObject({ kind: 'send', proofIds: ['deal-1'] });
    const more = draftOf(price(3, '49.00 EUR'), '39 EUR, the offer ends in 2 minutes');
    expect(checkDraft(more, shop([timer]), 0)).toMatchObject({ reason: 'figure_without_fact' });
  });
  test('no facts, no draft', () => {
    expect(draftReply({ id: 'd', questionGroupId: 1, nowMs: 0 }, { kind: 'abstained', reason: 'no_facts', field: null })).toBeNull();
  });
  test('the cache key changes with a version and not with shouting', () => {
    const cites = [{ id: 'a', version: 1 }];
    expect(replyCacheKey('HOW much??', cites)).toBe(replyCacheKey('how much?', cites));
    expect(replyCacheKey('how much?', [{ id: 'a', version: 2 }])).not.toBe(replyCacheKey('how much?', cites));
  });
});

describe('any order of events: no stale reply is ever sent', () => {
  // The model is the ledger itself. The desk hears of changes late or never; what it sends must hold anyway.
  const event = fc.oneof(
    fc.record({ kind: fc.constant('draft' as const), step: fc.constantFrom(...AUTONOMY_STEPS), fact: fc.nat(2), old: fc.boolean() }),
    fc.record({ kind: fc.constant('change' as const), fact: fc.nat(2), heard: fc.boolean() }),
    fc.record({ kind: fc.constant('remove' as const), fact: fc.nat(2), heard: fc.boolean() }),
    fc.record({ kind: fc.constant('approve' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('discard' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(8_000) }),
  );
  test('sent = cites the version of that moment, once, never after a discard', () => {
    const reached = { sent: 0, blocked: 0, voided: 0 };
    fc.assert(
      fc.property(fc.array(event, { minLength: 15, maxLength: 60 }), (events) => {
        const ledger = new Map<string, ProductFact>();
        const history = new Map<string, ProductFact>();
        let version = 0;
        let nowMs = 0;
        const change = (fact: number) => {
          version += 1;
          const id = `f${fact}`;
          history.set(id, ledger.get(id) ?? { id, productId: 'p', version: 0, field: 'price', text: '0 EUR' });
          ledger.set(id, { id, productId: 'p', version, field: 'price', text: `${version * 3} EUR` });
        };
        for (const fact of [0, 1, 2]) change(fact);
        const shop: ShopNow = { fact: (id) => ledger.get(id) ?? null, proofs: [] };
        const desk = new ReplyDesk({ delayMs: 3_000, maxDrafts: 20 });
        const drafts: ReplyDraft[] = [];
        const over = new Set<string>();
        const judge = (draft: ReplyDraft, verdict: ReturnType<ReplyDesk['approve']>) => {
          if (verdict.kind === 'blocked') reached.blocked += 1;
          if (verdict.kind === 'blocked' || verdict.kind === 'send') {
            expect(over.has(draft.id)).toBe(false);
            over.add(draft.id);
          }
          if (verdict.kind !== 'send') return;
          reached.sent += 1;
          for (const { id, version: cited } of draft.cites) {
            expect(ledger.get(id)?.version).toBe(cited);
            expect(verdict.text).toBe(ledger.get(id)?.text);
          }
        };
        for (const [i, what] of events.entries()) {
          nowMs += 100;
          if (what.kind === 'wait') nowMs += what.ms;
          else if (what.kind === 'change' || what.kind === 'remove') {
            const id = `f${what.fact}`;
            if (what.kind === 'change') change(what.fact);
            else ledger.delete(id);
            if (what.heard) {
              for (const voided of desk.noteFact(id, ledger.get(id)?.version ?? null)) {
                over.add(voided);
                reached.voided += 1;
              }
            }
          } else if (what.kind === 'draft') {
            // `old`: drafted from a lagging replica.
            const fact = (what.old ? history : ledger).get(`f${what.fact}`);
            if (fact === undefined) continue;
            const draft = {
              id: `d${i}`,
              questionGroupId: 1,
              text: fact.text,
              cites: [{ id: fact.id, version: fact.version }],
              draftedAtMs: nowMs,
            };
            drafts.push(draft);
            judge(draft, desk.submit(draft, what.step, shop, nowMs));
          } else {
            const draft = drafts[what.which % Math.max(1, drafts.length)];
            if (draft === undefined) continue;
            if (what.kind === 'approve') judge(draft, desk.approve(draft.id, shop, nowMs));
            else if (desk.discard(draft.id)) over.add(draft.id);
          }
          for (const { draft, verdict } of desk.sendDue(shop, nowMs)) judge(draft, verdict);
          expect(desk.waitingIds.length).toBeLessThanOrEqual(20);
        }
      }),
      { numRuns: 500 },
    );
    expect(reached.sent).toBeGreaterThan(100);
    expect(reached.blocked).toBeGreaterThan(100);
    expect(reached.voided).toBeGreaterThan(20);
  });
  test('a draft only to be shown is never sent; a full desk drops the oldest and counts it', () => {
    const desk = new ReplyDesk({ delayMs: 0, maxDrafts: 2 });
    const shop = shopOf([price(1, '5 EUR')]);
    for (const id of ['a', 'b', 'c']) desk.submit({ ...draftOf(price(1, '5 EUR')), id }, 'show', shop, 0);
    expect(desk.waitingIds).toEqual(['b', 'c']);
    expect(desk.droppedCount).toBe(1);
    expect(desk.approve('b', shop, 1)).toEqual({ kind: 'refused', reason: 'only_shown' });
    expect(desk.sendDue(shop, 1e9)).toEqual([]);
  });
});

describe('false scarcity', () => {
  const stock = [
    'only {n} left',
    'Just {n} pieces remaining!',
    'last {n}, go',
    '仅剩{n}件',
    'ＯＮＬＹ　{n}　ＬＥＦＴ',
    'solo quedan {n}',
    'nur noch {n} Stück',
    'plus que {n}',
    'só restam {n}',
  ];
  const time = [
    'ends in {n} minutes',
    '{n} minutes left',
    '还剩{n}分钟',
    'la oferta termina en {n} minutos',
    'endet in {n} Minuten',
    'se termine dans {n} minutes',
    'termina em {n} minutos',
  ];
  const crowd = [
    '{n} people bought this',
    '{n}人已下单',
    '{n} personas han comprado',
    '{n} Leute haben gekauft',
    '{n} personnes ont acheté',
    '{n} pessoas compraram',
  ];
  const proof = fc.oneof(
    fc.record({ kind: fc.constant('ledger' as const), id: fc.string(), leftCount: fc.nat(60) }),
    fc.record({ kind: fc.constant('timer' as const), id: fc.string(), endsAtMs: fc.nat(4_000_000) }),
    fc.record({ kind: fc.constant('orders' as const), id: fc.string(), buyerCount: fc.nat(60) }),
  );
  test('every claim with a figure is allowed exactly when a proof of its kind says so', () => {
    const seen = { allowed: 0, blocked: 0 };
    const claim = fc.constantFrom(
      ...stock.map((words) => ({ kind: 'ledger', words })),
      ...time.map((words) => ({ kind: 'timer', words })),
      ...crowd.map((words) => ({ kind: 'orders', words })),
    );
    fc.assert(
      fc.property(
        claim,
        fc.integer({ min: 1, max: 50 }),
        fc.array(proof, { maxLength: 4 }),
        fc.boolean(),
        ({ kind, words }, n, others, planted) => {
          const right: UrgencyProof =
            kind === 'ledger'
              ? { kind: 'ledger', id: 'right', leftCount: n }
              : kind === 'timer'
                ? { kind: 'timer', id: 'right', endsAtMs: n * 60_000 }
                : { kind: 'orders', id: 'right', buyerCount: n };
          const proofs: UrgencyProof[] = planted ? [...others, right] : others;
          const holds = proofs.some(
            (p) =>
              (p.kind === 'ledger' && kind === 'ledger' && p.leftCount === n) ||
              (p.kind === 'timer' && kind === 'timer' && p.endsAtMs > 0 && Math.abs(p.endsAtMs - n * 60_000) < 60_000) ||
              (p.kind === 'orders' && kind === 'orders' && p.buyerCount >= n),
          );
          const verdict = checkScarcity(words.replace('{n}', String(n)), proofs, 0);
          seen[verdict.kind] += 1;
          expect(verdict.kind).toBe(holds ? 'allowed' : 'blocked');
          if (verdict.kind === 'allowed')
            expect(verdict.proven.map(({ proofId }) => proofs.some(({ id }) => id === proofId))).toEqual([true]);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(Math.min(seen.allowed, seen.blocked)).toBeGreaterThan(200);
  });
  test('claims without a figure need a low ledger, a timer near its end, or a crowd', () => {
    const now = 1_000;
    const kind = (text: string, ...proofs: UrgencyProof[]) => checkScarcity(text, proofs, now).kind;
    for (const text of ['almost gone!', '库存不多了', 'selling fast', 'quase esgotado', 'fast ausverkauft']) {
      expect(kind(text)).toBe('blocked');
      expect(kind(text, { kind: 'ledger', id: 's', leftCount: DEFAULT_SCARCITY.lowStockCount })).toBe('allowed');
      expect(kind(text, { kind: 'ledger', id: 's', leftCount: DEFAULT_SCARCITY.lowStockCount + 1 })).toBe('blocked');
      expect(kind(text, { kind: 'ledger', id: 's', leftCount: 0 })).toBe('blocked');
    }
    expect(kind('hurry, last chance', { kind: 'timer', id: 't', endsAtMs: now + 5_000 })).toBe('allowed');
    expect(kind('hurry, last chance', { kind: 'timer', id: 't', endsAtMs: now })).toBe('blocked');
    expect(kind('大家都在买', { kind: 'orders', id: 'o', buyerCount: 2 })).toBe('blocked');
    expect(kind('大家都在买', { kind: 'orders', id: 'o', buyerCount: 3 })).toBe('allowed');
    expect(kind(`${'nice bag '.repeat(300)} only 3 left`)).toBe('blocked');
  });
  test('what shops say of prices, sizes and delivery is no claim', () => {
    for (const text of [
      'only 49.00 EUR',
      'just 30 cm wide',
      'ships in 3 days',
      'delivery within 2 to 4 days',
      'full grain leather, cotton lining',
      '价格 49 元',
      'it comes in red, blue and two greens',
      'versand in 3 tagen',
    ])
      expect(findUrgencyClaims(text)).toEqual([]);
  });
  test('capitals, full-width forms, hidden characters and words around it do not hide a claim', () => {
    const fullWidth = (text: string) => text.replace(/[!-~]/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const disguise = fc.constantFrom<(text: string) => string>(
      (text) => text.toUpperCase(),
      fullWidth,
      (text) => [...text].join('\u200b'),
      (text) => text.replaceAll(' ', '   '),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...stock, ...time, ...crowd),
        disguise,
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        (words, hide, before, after) => {
          expect(checkScarcity(`${before} . ${hide(words.replace('{n}', '4'))} . ${after}`, [], 0).kind).toBe('blocked');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('cap on prompting', () => {
  test('in any 60 seconds never more than the cap, under any load and any clock', () => {
    let shownTotal = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.record({ offers: fc.nat(20), stepMs: fc.integer({ min: -5_000, max: 40_000 }), restart: fc.boolean() }), {
          maxLength: 60,
        }),
        (maxPerMinute, steps) => {
          const options = { maxPerMinute, maxWaiting: 8 };
          let queue = new HintQueue(options);
          const shown: number[] = [];
          let nowMs = 0;
          let latestMs = Number.NEGATIVE_INFINITY;
          let offered = 0;
          for (const { offers, stepMs, restart } of steps) {
            nowMs += stepMs;
            latestMs = Math.max(latestMs, nowMs);
            if (restart) queue = HintQueue.restore(queue.snapshot(), options);
            for (let k = 0; k < offers; k += 1) {
              offered += 1;
              queue.offer({ id: `h${offered}`, score: (offered * 7) % 13, expiresAtMs: nowMs + 30_000 });
            }
            expect(queue.counts.waiting).toBeLessThanOrEqual(8);
            for (let k = 0; k < 6; k += 1) if (queue.next(nowMs) !== null) shown.push(latestMs);
            expect(queue.usage(nowMs).shownInLastMinute).toBeLessThanOrEqual(maxPerMinute);
          }
          for (const at of shown)
            expect(shown.filter((other) => other >= at && other < at + 60_000).length).toBeLessThanOrEqual(maxPerMinute);
          shownTotal += shown.length;
        },
      ),
    );
    expect(shownTotal).toBeGreaterThan(100);
  });
  test('the most useful goes first, an expired one never; a cap of none shows none', () => {
    const queue = new HintQueue({ maxPerMinute: 2, maxWaiting: 2 });
    queue.offer({ id: 'a', score: 1, expiresAtMs: 10 });
    queue.offer({ id: 'b', score: 3, expiresAtMs: 10_000 });
    queue.offer({ id: 'c', score: 2, expiresAtMs: 5 });
    expect(queue.counts).toEqual({ waiting: 2, dropped: 1, expired: 0 });
    expect(queue.next(6)?.id).toBe('b');
    expect(queue.next(6)).toBeNull();
    expect(queue.counts.expired).toBe(1);
    const silent = new HintQueue({ maxPerMinute: 0, maxWaiting: 2 });
    silent.offer({ id: 'a', score: 1, expiresAtMs: 10 });
    expect(silent.next(1)).toBeNull();
    expect(() => new HintQueue({ maxPerMinute: 1.5, maxWaiting: 2 })).toThrow('maxPerMinute');
  });
});
