// Canned data for looking at the console without a server: one small home-goods brand and a show in each situation.
// Development only; nothing of it ships. Pure but for the seed: the same numbers on every run.
import type {
  Audience,
  AutoEndWarning,
  ChatMessage,
  Cue,
  LiveKpis,
  Me,
  OrganizationSettings,
  Permission,
  Product,
  Questions,
  ReadinessItem,
  ReportMetric,
  RestreamTarget,
  Role,
  RoomSnapshot,
  SellOrder,
  Show,
  ShowReport,
  ShowState,
  StreamHealth,
} from '@insp/protocol';
import { HEALTH_SIGNALS, type HealthHistory, type HealthSignal, ROLE_PERMISSIONS } from '@insp/protocol';

const hex = (n: number) => n.toString(16).padStart(32, '0');
export const showId = (n: number) => `shw_${hex(n)}` as const;
const prd = (n: number) => `prd_${hex(n)}` as const;
const vwr = (n: number) => `vwr_${hex(n)}` as const;
const hlt = (n: number) => `hlt_${hex(n)}` as const;

let seed = 7;
/** mulberry32 */
const random = () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const GOODS: readonly [string, string, number, number | null, string][] = [
  ['Linen throw, sand', 'Textiles', 5_900, 38, '#d8c7ad'],
  ['Wool socks, ribbed', 'Textiles', 1_800, 112, '#8fa3a0'],
  ['Stoneware mug, speckled', 'Table', 2_200, 64, '#c9c3b8'],
  ['Oak serving board', 'Table', 4_200, 17, '#b88a5a'],
  ['Beeswax candle, tall', 'Light', 1_400, 230, '#e7c46b'],
  ['Waffle towel set, clay', 'Textiles', 3_900, 41, '#c98f73'],
  ['Glass carafe with cup', 'Table', 3_400, 4, '#a9c7c4'],
  ['Paper lantern, 40 cm', 'Light', 2_600, 58, '#eee5d2'],
  ['Cotton cushion cover with a very long name for the long-name case', 'Textiles', 2_900, 73, '#7f8f6a'],
  ['Walnut coat hook, double', 'Wall', 2_400, 0, '#6f4f3a'],
  ['Wall mirror, round', 'Wall', 12_900, 9, '#b9bec4'],
  ['Linen napkins, set of four', 'Table', 3_200, 86, '#d9d2c5'],
  ['Brass candle holder', 'Light', 3_600, 22, '#c7a24a'],
  ['Felt storage basket', 'Wall', 4_800, null, '#8b8f98'],
];

export function product(n: number, base: string, isSoldOut = false): Product {
  const [title, category, priceMinor, stock, color] = GOODS[(n - 1) % GOODS.length] as (typeof GOODS)[number];
  const stockCount = isSoldOut ? 0 : stock;
  return {
    id: prd(n),
    externalId: `HG-${1000 + n}`,
    title,
    brand: 'Hearth & Grain',
    description: '',
    category,
    url: `https://shop.example/p/${n}`,
    imageUrl: `${base}/dev/product.svg?n=${n}&c=${encodeURIComponent(color)}`,
    facts: [
      { name: 'material', value: '100 % European linen' },
      { name: 'care', value: '40 °C, no dryer' },
    ],
    optionNames: ['Colour'],
    variants: [
      {
        id: `var_${hex(n)}`,
        sku: `s${n}`,
        options: { Colour: 'sand' },
        priceMinor,
        originalPriceMinor: null,
        currency: 'EUR',
        stockCount,
        isAvailable: stockCount !== 0,
      },
    ],
    updatedAt: 0,
  };
}

export const PRODUCT_COUNT = GOODS.length;
const NAMES = [
  'Mara',
  'Jonas',
  'Ines P.',
  'Svea',
  'Olu',
  'Katrin',
  'Wei',
  'Tomás',
  'Aylin',
  'Ben',
  'Noor',
  'Pauline M.',
  'Hye-jin',
  'Lars',
  'Giulia',
  'Sam',
];
const LINES = [
  'does it come in red?',
  'the sand one looks so soft',
  'is it machine washable?',
  'just ordered two!',
  'love this light behind you',
  'how big is it? 130 x 170?',
  'first time here, hello from Porto',
  'same question, is there a red one?',
  'my cat would own this in a minute',
  'do you ship to Austria?',
  'got the socks last time, still perfect',
  'what is the material again?',
  'the mug please, show the mug',
  'can you hold it closer to the camera? we cannot see the seam on the left side from here, thank you so much',
  'bought it, cannot wait',
  'does the throw pill?',
];

export type Situation = 'busy' | 'quiet' | 'encoder_lost' | 'sold_out' | 'draft' | 'scheduled' | 'ended' | 'waiting' | 'paused';
export const SITUATIONS: readonly Situation[] = [
  'busy',
  'quiet',
  'encoder_lost',
  'sold_out',
  'draft',
  'scheduled',
  'ended',
  'waiting',
  'paused',
];
export const idOf = (situation: Situation) => showId(SITUATIONS.indexOf(situation) + 1);
export const situationOf = (id: string): Situation => SITUATIONS.find((one) => idOf(one) === id) ?? 'draft';

const titles: Record<Situation, string> = {
  busy: 'Spring drop: linen and light',
  quiet: 'Tuesday table talk',
  encoder_lost: 'Evening of slow textiles',
  sold_out: 'Last of the winter stock',
  draft: 'Summer preview',
  scheduled: 'Hosting at home',
  ended: 'Autumn wool night',
  waiting: 'Candle hour',
  paused: 'Studio walk',
};
const states: Record<Situation, ShowState> = {
  busy: 'live',
  quiet: 'live',
  encoder_lost: 'encoder_lost',
  sold_out: 'live',
  draft: 'draft',
  scheduled: 'scheduled',
  ended: 'ended',
  waiting: 'waiting',
  paused: 'paused',
};
const MINUTE = 60_000;
const hasHistory = (situation: Situation) => ['busy', 'encoder_lost', 'sold_out', 'ended', 'paused'].includes(situation);
const isSoldOut = (situation: Situation, n: number) => situation === 'sold_out' && [1, 2, 4].includes(n);

export function show(situation: Situation, now: number, base: string): Show {
  const state = states[situation];
  const isOnAir = state === 'live' || state === 'encoder_lost' || state === 'paused';
  const liveAt = isOnAir
    ? now - (situation === 'quiet' ? 95_000 : 42 * MINUTE + 17_000)
    : state === 'ended'
      ? now - 26 * 60 * MINUTE
      : null;
  const lineUpCount = situation === 'draft' ? 0 : situation === 'quiet' ? 3 : 11;
  return {
    id: idOf(situation),
    orgId: 'org_1',
    title: titles[situation],
    description: situation === 'draft' ? '' : 'An hour with Lea in the studio: what came in, how it is made, what to pair it with.',
    hostName: situation === 'draft' ? '' : 'Lea Brandt',
    state,
    version: 3,
    isSimulated: false,
    scheduledAt: state === 'draft' ? null : now + (state === 'scheduled' ? 27 * 60 : state === 'waiting' ? 6 : -43) * MINUTE,
    liveAt,
    endedAt: state === 'ended' ? now - 25 * 60 * MINUTE : null,
    graceEndsAt: state === 'encoder_lost' ? now + 92_000 : null,
    createdAt: now - 5 * 24 * 60 * MINUTE,
    lineUp: Array.from({ length: lineUpCount }, (_, index) => ({
      productId: prd(index + 1),
      note: index === 3 ? 'say: oiled, not varnished' : '',
    })),
    highlights: highlights(situation, now),
    streamKeyLastFour: situation === 'draft' ? null : '9fK2',
    backupKeyLastFour: null,
    previewPlaylistUrl:
      situation === 'encoder_lost' || situation === 'draft' || situation === 'scheduled' ? null : `${base}/dev/hls/index.m3u8`,
  };
}

function highlights(situation: Situation, now: number): Show['highlights'] {
  if (situation === 'busy' || situation === 'encoder_lost' || situation === 'sold_out' || situation === 'paused')
    return [{ id: hlt(9), kind: 'product', productId: prd(1), startedAt: now - 252_000 }];
  return [];
}

export function kpis(situation: Situation, now: number, maySeeMoney: boolean): LiveKpis {
  seed = 11;
  const endMs = situation === 'ended' ? now - 25 * 60 * MINUTE : now;
  const startMs = endMs - 42 * MINUTE;
  const count = hasHistory(situation) ? 43 : situation === 'quiet' ? 2 : 0;
  const money = (value: number) => (maySeeMoney ? value : null);
  const minutes = Array.from({ length: count }, (_, index) => {
    const x = index / 42;
    const watching =
      situation === 'quiet' ? 3 : Math.round(1240 * (1 - Math.exp(-x * 5)) * (0.93 + 0.07 * Math.sin(index / 5)) + random() * 30);
    const peak = [6, 17, 28, 38].reduce((sum, at) => sum + Math.exp(-((index - at) ** 2) / 3), 0);
    const orders = situation === 'quiet' ? 0 : Math.round(peak * 4 + random() * 1.4);
    return {
      minute: Math.floor(startMs / MINUTE) + index,
      watchingMean: watching,
      watchingMax: watching + 8,
      uniqueViewerCount: watching + 20,
      messageCount: situation === 'quiet' ? 0 : Math.round(12 + 40 * peak + random() * 14),
      reactionCount: Math.round(90 * peak),
      cartAddCount: situation === 'quiet' ? 0 : Math.round(peak * 9 + random() * 3),
      orderCount: orders,
      unitCount: orders,
      gmvMinor: money(orders * 4_870),
    };
  });
  const spanAt: [number, number, number | null][] = [
    [5, 2, 10],
    [3, 11, 15],
    [2, 16, 22],
    [4, 23, 27],
    [6, 27, 33],
    [8, 34, 36],
    [1, 38, null],
  ];
  const spans = hasHistory(situation)
    ? spanAt.map(([n, from, to], index) => ({
        highlightId: hlt(index + 3),
        productId: prd(n),
        startedAt: startMs + from * MINUTE,
        endedAt: to === null && situation !== 'ended' ? null : startMs + (to ?? 42) * MINUTE,
        clickCount: [188, 96, 301, 74, 143, 22, 412][index] as number,
        cartAddCount: [41, 18, 77, 11, 29, 3, 61][index] as number,
        orderCount: [19, 7, 34, 4, 12, 0, 27][index] as number,
        unitCount: [23, 7, 41, 4, 13, 0, 28][index] as number,
        gmvMinor: money([26_600, 15_400, 73_800, 16_800, 50_700, 0, 165_200][index] as number),
      }))
    : [];
  const sum = (read: (span: (typeof spans)[number]) => number) => spans.reduce((total, span) => total + read(span), 0);
  return {
    totals: {
      showId: idOf(situation),
      watchingCount: watching(situation),
      peakWatchingCount: situation === 'quiet' ? 3 : 1_391,
      uniqueViewerCount: situation === 'quiet' ? 3 : count === 0 ? 0 : 2_946,
      isUniqueViewerCountEstimated: false,
      visitCount: situation === 'quiet' ? 3 : count === 0 ? 0 : 3_712,
      messageCount: minutes.reduce((total, minute) => total + minute.messageCount, 0),
      chatterCount: situation === 'quiet' ? 0 : 418,
      reactionCount: 9_120,
      productClickCount: sum((span) => span.clickCount),
      cartAddCount: sum((span) => span.cartAddCount),
      orderCount: sum((span) => span.orderCount),
      unitCount: sum((span) => span.unitCount),
      gmvMinor: money(sum((span) => span.gmvMinor ?? 0)),
      refundedMinor: money(situation === 'ended' ? 5_900 : 0),
      currency: 'EUR',
      hasSimulated: situation === 'busy',
      updatedAt: now,
    },
    minutes,
    products: [],
    highlights: spans,
    sampling: null,
  };
}

const watching = (situation: Situation) =>
  situation === 'quiet' ? 3 : hasHistory(situation) && situation !== 'ended' ? 1_284 : situation === 'waiting' ? 86 : 0;

export function message(seq: number, at: number): ChatMessage {
  seed = seq * 97 + 13;
  random();
  const name = pick(NAMES);
  const isStaff = seq % 37 === 0;
  return {
    id: `msg_${hex(seq)}`,
    seq,
    author: {
      kind: isStaff ? 'staff' : 'viewer',
      id: vwr(NAMES.indexOf(name) + 1),
      name: isStaff ? 'Lea Brandt' : name,
      isBuyer: !isStaff && random() > 0.8,
      isSimulated: !isStaff && random() > 0.86,
    },
    text: isStaff ? 'Yes! Red comes back on Friday, sizes S to L.' : pick(LINES),
    postedAt: at,
    platform: 'insp',
  };
}

function audience(situation: Situation, now: number, maySeeMoney: boolean): Audience {
  const total = watching(situation);
  const reasons: [string, 'buyer' | 'returning' | 'new', number | null, number, boolean, string][] = [
    ['Mara', 'buyer', 41_230, 7, true, 'fifth show, asked about the throw'],
    ['Pauline M.', 'buyer', 28_400, 4, false, 'bought 4 times before, due in about 6 days'],
    ['Jonas', 'buyer', 11_900, 2, false, 'came back after 3 months'],
    ['Hye-jin', 'returning', 0, 0, false, 'third show in a row, has not bought yet'],
    ['Tomás', 'returning', 0, 0, false, 'wrote for the first time today'],
    ['Giulia', 'new', 0, 0, false, 'first visit, tapped the throw twice'],
    ['Olu', 'new', 0, 0, true, 'first visit, bought 2 minutes ago'],
  ];
  return {
    watchingCount: total,
    newCount: situation === 'quiet' ? 2 : Math.round(total * 0.61),
    returningCount: situation === 'quiet' ? 1 : Math.round(total * 0.28),
    buyerCount: situation === 'quiet' ? 0 : Math.round(total * 0.11),
    hasSimulated: situation === 'busy',
    people: reasons
      .slice(situation === 'quiet' ? 5 : 0, situation === 'quiet' ? 6 : 7)
      .map(([name, relation, spend, orders, bought, reason], index) => ({
        viewerId: vwr(index + 1),
        name,
        relation,
        pastSpendMinor: maySeeMoney ? spend : null,
        currency: 'EUR',
        pastOrderCount: orders,
        showsAttendedCount: 3,
        boughtInShow: bought && situation !== 'quiet',
        isSimulated: name === 'Olu',
        reason,
      })),
    updatedAt: now,
  };
}

export function questions(now: number): Questions {
  const cluster = (n: number, text: string, askerCount: number, productN: number | null, suggestedAnswer: string) => ({
    id: `qst_${hex(n)}` as const,
    text,
    askerCount,
    messageCount: askerCount + 2,
    productId: productN === null ? null : prd(productN),
    suggestedAnswer,
    factNames: ['colours'],
    state: 'open' as const,
    firstAskedAt: now - 400_000,
    lastAskedAt: now - 20_000,
    reason: `${askerCount} people in the last ${Math.ceil(askerCount / 2)} min, two wordings`,
  });
  const clusters = [
    cluster(1, 'does it come in red?', 12, 1, 'red: S–L, 12 left'),
    cluster(2, 'is it machine washable?', 7, 1, 'care: 40 °C, no dryer'),
    cluster(3, 'do you ship to Austria?', 4, null, ''),
    cluster(4, 'how big is the mug?', 2, 3, 'volume: 320 ml'),
  ];
  return { clusters, openCount: clusters.length, updatedAt: now };
}

function sellOrder(situation: Situation, now: number): SellOrder {
  const order = [1, 2, 3, 5, 4, 6, 8, 7, 9, 11, 10].toSorted(
    (a, b) => Number(isSoldOut(situation, a) || a === 10) - Number(isSoldOut(situation, b) || b === 10),
  );
  return {
    entries: order.map((n, index) => ({
      productId: prd(n),
      rank: index + 1,
      unitsRecent: Math.max(0, 9 - index * 2),
      clicksRecent: Math.max(0, 41 - index * 6),
      stockCount: (GOODS[n - 1] as (typeof GOODS)[number])[3],
      isOnDisplay: n === 1,
      isSoldOut: isSoldOut(situation, n) || n === 10,
      reason:
        isSoldOut(situation, n) || n === 10
          ? 'sold out'
          : `${Math.max(0, 9 - index * 2)} sold and ${Math.max(0, 41 - index * 6)} taps in the last 10 min`,
    })),
    rule: 'Most units sold in the last 10 minutes, then most taps, then your line-up order.',
    updatedAt: now,
  };
}

function cues(situation: Situation, now: number): Cue[] {
  const life = { shownAt: now - 9_000, expiresAt: now + 600_000 };
  const soldOut = situation === 'sold_out';
  return [
    {
      id: `cue_${hex(1)}`,
      lane: 'say',
      headline: '12 ask: does it come in red?',
      detail: 'Linen throw: “red: S–L, 12 left”',
      reason: '12 people in the last 6 min',
      act: { kind: 'mark_answered', questionClusterId: `qst_${hex(1)}` },
      ...life,
    },
    {
      id: `cue_${hex(2)}`,
      lane: 'sell',
      headline: soldOut ? 'Stoneware mug, speckled next' : 'Wool socks, ribbed next',
      detail: soldOut ? 'Linen throw, sand is sold out.' : 'Linen throw has been on display for a while.',
      reason: '7 sold and 35 taps in the last 10 min, 112 left',
      act: { kind: 'start_highlight', productId: soldOut ? prd(3) : prd(2) },
      ...life,
    },
    ...(soldOut
      ? []
      : [
          {
            id: `cue_${hex(3)}` as const,
            lane: 'who' as const,
            headline: 'Mara just came in',
            detail: 'A customer of yours.',
            reason: 'fifth show, bought 7 times, asked about the throw',
            act: { kind: 'greet' as const, viewerId: vwr(1) },
            ...life,
          },
        ]),
  ];
}

export function health(situation: Situation, now: number): StreamHealth {
  const base: StreamHealth = {
    status: 'good',
    advice: '',
    source: 'primary',
    standby: 'none',
    videoCodec: 'h264',
    audioCodec: 'aac',
    widthPx: 1920,
    heightPx: 1080,
    framesPerSec: 30,
    bitrateBitsPerSec: 4_012_000,
    keyFrameIntervalMs: 2_000,
    signals: signals(situation),
    updatedAt: now,
  };
  if (situation === 'encoder_lost')
    return {
      ...base,
      signals: [],
      status: 'no_encoder',
      advice: 'No picture comes in: start streaming in OBS again.',
      bitrateBitsPerSec: null,
    };
  if (situation === 'sold_out')
    return {
      ...base,
      status: 'warning',
      advice: CONGESTED,
    };
  return base;
}

const CONGESTED = 'Your upload cannot hold 6 Mbit/s: set OBS, Settings, Output, Video Bitrate to 4200 Kbps.';
const TOO_QUIET = 'Your sound is too quiet: push Mic/Aux in the OBS Audio Mixer up by 9 dB.';

const SIGNAL_VALUES: Record<HealthSignal['name'], [number | null, HealthSignal['unit']]> = {
  encoder: [33, 'ms'],
  picture: [0, 'ms'],
  key_frames: [2_000, 'ms'],
  upload: [12, 'ms'],
  bitrate: [4_012_000, 'bit/s'],
  frame_rate: [30, 'frames/s'],
  frame_gap: [34, 'ms'],
  clock: [0, 'count'],
  av_skew: [21, 'ms'],
  sound: [0, 'ms'],
  loudness: [-17.4, 'LUFS'],
  transcoder: [null, 'ratio'],
  viewers: [0.0012, 'ratio'],
};

/** A calm picture; in `sold_out` the upload is full and the sound too quiet. */
function signals(situation: Situation): HealthSignal[] {
  const wrong: Partial<Record<HealthSignal['name'], Partial<HealthSignal>>> =
    situation === 'sold_out'
      ? {
          bitrate: { value: 2_810_000 },
          frame_rate: { value: 26 },
          upload: { level: 'bad', value: 1_840, sentence: CONGESTED },
          loudness: { level: 'warning', value: -27.2, sentence: TOO_QUIET },
        }
      : {};
  return HEALTH_SIGNALS.map((name) => {
    const [value, unit] = SIGNAL_VALUES[name];
    return { name, level: value === null ? ('unknown' as const) : ('good' as const), value, unit, sentence: '', ...wrong[name] };
  });
}

/** Twenty minutes; in `sold_out` the delay of the upload grows in the last three. */
export function healthHistory(situation: Situation, now: number): HealthHistory {
  const current = new Map(signals(situation).map(({ name, value }) => [name, value]));
  const points = Array.from({ length: 400 }, (_, index) => {
    const at = now - (index < 100 ? 300_000 + (100 - index) * 10_000 : (400 - index) * 1_000);
    const isGrowing = situation === 'sold_out' && at > now - 180_000;
    const share = isGrowing ? 1 - (now - at) / 180_000 : 0;
    const wobble = (value: number, by: number) => value * (1 + (random() - 0.5) * by);
    const values: Partial<Record<HealthSignal['name'], number>> = {
      bitrate: wobble(isGrowing ? 4_012_000 * (1 - share * 0.3) : 4_012_000, 0.06),
      upload: isGrowing ? wobble(1_840 * share, 0.1) : wobble(14, 0.8),
      frame_rate: isGrowing ? 30 - 4 * share : 30,
      loudness: wobble(situation === 'sold_out' ? -27 : -17.4, 0.15),
      av_skew: wobble(21, 0.6),
      viewers: wobble(0.0012, 0.8),
    };
    return [at, ...HEALTH_SIGNALS.map((name) => values[name] ?? current.get(name) ?? null)];
  });
  return { names: [...HEALTH_SIGNALS], points };
}

function autoEnd(situation: Situation, now: number): AutoEndWarning | null {
  if (situation !== 'quiet') return null;
  const endsAt = now + 581_000;
  return {
    cause: 'dead_air',
    endsAt,
    isLast: false,
    sentence:
      'The show ends by itself in 10 minutes, because the picture stands still or is black, and nothing is to be heard: tap Keep live if it goes on.',
  };
}

/** On three stages; on the second something is wrong where the show has a problem anyway. */
export function restreamTargets(situation: Situation, now: number): RestreamTarget[] {
  if (situation === 'quiet' || situation === 'draft') return [];
  const isOnAir = situation === 'busy' || situation === 'sold_out' || situation === 'paused';
  const target = (n: number, change: Partial<RestreamTarget>, status: Partial<RestreamTarget['status']>): RestreamTarget => ({
    ...{ id: `rst_${hex(n)}`, showId: showId(1), position: n, isEnabled: true, mode: 'auto' },
    ...{ name: 'YouTube', platform: 'youtube', url: 'rtmps://a.rtmps.youtube.com:443/live2', streamKeyLastFour: '7x9q' },
    status: {
      ...(isOnAir
        ? { state: 'live', reason: 'picture_sent', liveSince: now - 2_512_000, bitrateBitsPerSec: 4_012_000 }
        : { state: 'idle', reason: 'waits_for_show', liveSince: null, bitrateBitsPerSec: null }),
      ...{ detail: '', since: now - 2_512_000, attemptCount: 0, nextTryAt: null, droppedFrameCount: 0 },
      ...status,
    },
    ...change,
  });
  const failed = { state: 'failed', reason: 'key_rejected', detail: 'Stream not found', attemptCount: 3, liveSince: null } as const;
  const waits = { state: 'backoff', reason: 'connection_lost', attemptCount: 4, nextTryAt: now + 9_400, liveSince: null } as const;
  const facebook = { name: 'Hearth & Goods on Facebook', platform: 'facebook', url: 'rtmps://live-api-s.facebook.com:443/rtmp/' } as const;
  return [
    target(1, {}, isOnAir ? { droppedFrameCount: 38 } : {}),
    target(2, facebook, situation === 'sold_out' ? failed : situation === 'busy' ? waits : {}),
    target(3, { name: 'Instagram', platform: 'instagram', isEnabled: false }, { state: 'idle', reason: 'not_started', liveSince: null }),
  ];
}

export function snapshot(situation: Situation, now: number, base: string, role: Role): RoomSnapshot {
  const maySeeMoney = ROLE_PERMISSIONS[role].includes('turnover.read');
  const hasCopilot = ROLE_PERMISSIONS[role].includes('copilot.use');
  const planned = show(situation, now, base);
  const lineCount = situation === 'quiet' ? 0 : situation === 'waiting' ? 9 : 200;
  const messages = Array.from({ length: lineCount }, (_, index) => message(index + 1, now - (lineCount - index) * 4_300));
  const isOpen = situation !== 'draft' && situation !== 'scheduled' && situation !== 'ended';
  const busy = hasHistory(situation) && situation !== 'ended';
  return {
    showState: planned.state,
    graceEndsAt: planned.graceEndsAt,
    playlistUrl: planned.previewPlaylistUrl,
    highlights: planned.highlights,
    products: planned.lineUp.map((_, index) => product(index + 1, base, isSoldOut(situation, index + 1))),
    pinnedMessage: situation === 'busy' ? (messages[184] ?? null) : null,
    recentMessages: messages,
    slowModeSec: situation === 'busy' ? 5 : 0,
    watchingCount: watching(situation),
    reactionCounts: { heart: 812, fire: 220 },
    staff: {
      removedMessages: busy
        ? [{ ...message(500, now - 90_000), text: 'buy followers cheap at …', state: 'removed', removedBy: 'Nils', reason: 'spam' }]
        : [],
      bans: [],
      kpis: kpis(situation, now, maySeeMoney),
      audience: hasCopilot && isOpen ? audience(situation, now, maySeeMoney) : null,
      questions: hasCopilot ? (busy ? questions(now) : { clusters: [], openCount: 0, updatedAt: now }) : null,
      sellOrder: hasCopilot && isOpen ? sellOrder(situation, now) : null,
      cues: hasCopilot && busy ? cues(situation, now) : [],
      health: health(situation, now),
      autoEnd: autoEnd(situation, now),
      pressure: null,
      restream: { targets: restreamTargets(situation, now) },
    },
  };
}

function fakeMetric(
  name: string,
  label: string,
  unit: ReportMetric['unit'],
  value: number | null,
  formula: string,
  parts: ReportMetric['parts'],
): ReportMetric {
  return { name, label, version: 1, unit, value, definition: `${label}, as the server defines it.`, formula, parts };
}

export function report(now: number, base: string, maySeeMoney: boolean): ShowReport {
  const ended = show('ended', now, base);
  const liveAt = ended.liveAt ?? now;
  const at = (minutes: number) => liveAt + minutes * MINUTE;
  return {
    show: ended,
    kpis: kpis('ended', now, maySeeMoney),
    transitions: [
      { from: 'draft', to: 'scheduled', cause: 'schedule', reason: '', actor: 'Lea Brandt', occurredAt: at(-3_000) },
      { from: 'scheduled', to: 'waiting', cause: 'open', reason: 'opened 15 minutes before the start', actor: '', occurredAt: at(-15) },
      { from: 'waiting', to: 'live', cause: 'go_live', reason: '', actor: 'Lea Brandt', occurredAt: at(0) },
      { from: 'live', to: 'encoder_lost', cause: 'encoder_lost', reason: 'connection reset by the encoder', actor: '', occurredAt: at(21) },
      { from: 'encoder_lost', to: 'live', cause: 'encoder_resumed', reason: 'back after 14.2 s', actor: '', occurredAt: at(21.3) },
      { from: 'live', to: 'ended', cause: 'end', reason: 'all shown', actor: 'Nils Aho', occurredAt: at(60) },
    ],
    openQuestions: questions(now).clusters.slice(2),
    sources: [
      { source: 'direct', visitCount: 1_904 },
      { source: 'instagram', visitCount: 1_120 },
      { source: 'newsletter', visitCount: 566 },
      { source: 'youtube', visitCount: 122 },
    ],
    coverage: { attributedCount: 103, unattributedCount: 9 },
    formulas: {
      uniqueViewerCount: 'v1: distinct viewer ids that entered the room at least once (realtime.viewer_joined).',
      gmvMinor: 'v1: direct GMV: amount paid for those lines after coupons, without tax and shipping, before refunds.',
      coverage:
        'v1: attributed = orders with a line of this show; unattributed = orders of the shop in the same time without a valid token of it.',
    },
    metrics: [
      fakeMetric('viewers', 'Viewers', 'count', 1_204, 'v1: viewerCount', { viewerCount: 1_204 }),
      fakeMetric('averageWatchTime', 'Watched by each', 'ms', 612_000, 'v1: watchTimeMs / viewerCount', {
        watchTimeMs: 736_848_000,
        viewerCount: 1_204,
      }),
      fakeMetric('chatRate', 'Chat rate', 'ratio', 0.18, 'v1: chatterCount / viewerCount', { chatterCount: 217, viewerCount: 1_204 }),
      fakeMetric('gpm', 'GPM', 'minor', maySeeMoney ? 412_300 : null, 'v2: gmvMinor x 1000 / visitCount', {}),
    ],
    phases: [
      { phase: 'pre_live', viewerCount: 40, visitCount: 41, watchedMs: 2_400_000 },
      { phase: 'live', viewerCount: 1_190, visitCount: 1_402, watchedMs: 734_448_000 },
    ],
  };
}

export function me(role: Role): Me {
  const permissions: Permission[] = [...ROLE_PERMISSIONS[role]];
  return {
    userId: 'usr_1',
    name: 'Lea Brandt',
    email: 'lea@hearth.example',
    mustChangePassword: false,
    organizations: [
      { id: 'org_1', name: 'Hearth & Grain', role },
      { id: 'org_2', name: 'Night Market', role: 'producer' },
    ],
    active: { orgId: 'org_1', orgName: 'Hearth & Grain', role, permissions },
  };
}

export const organization: OrganizationSettings = {
  id: 'org_1',
  name: 'Hearth & Grain',
  currency: 'EUR',
  locale: 'en-GB',
  storeOrigins: ['https://shop.example', 'http://localhost:4700'],
  productFeedUrl: 'https://shop.example/insp-feed.json',
  shopUrl: 'http://localhost:4700',
  encoderGraceSec: 120,
  maxLiveMin: 480,
};

export function readiness(situation: Situation): ReadinessItem[] {
  const isDraft = situation === 'draft';
  return [
    {
      key: 'picture_source',
      isDone: !isDraft && situation !== 'scheduled',
      detail: isDraft
        ? 'Create a stream key and put it into your encoder.'
        : situation === 'scheduled'
          ? 'Start the encoder with the key that ends in 9fK2.'
          : 'A picture is coming in.',
    },
    { key: 'products', isDone: !isDraft, detail: isDraft ? 'The line-up is empty: add products.' : '11 products in the line-up.' },
    { key: 'schedule', isDone: !isDraft, detail: isDraft ? 'Choose a start time.' : 'The start time is set.' },
    { key: 'page_published', isDone: !isDraft, detail: isDraft ? 'Schedule the show to publish it.' : '2 sites may embed the show.' },
  ];
}
