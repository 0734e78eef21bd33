// One canned show: eight home goods with drawn pictures, a chat, a state that the screenshots change.
const id = (prefix: string, n: number) => `${prefix}_${n.toString(16).padStart(32, '0')}`;
export const SHOW_ID = id('shw', 1);

const PALETTES = [
  ['#d9c7a8', '#b99b6b'],
  ['#a9b8a0', '#6f8567'],
  ['#d8b4a0', '#b27a5f'],
  ['#9fb3c8', '#5f7d9c'],
  ['#e3d6c3', '#c2ae90'],
  ['#c9c4bb', '#8f8a80'],
  ['#d6a99a', '#a76a58'],
  ['#b9c4b5', '#7d8f78'],
] as const;

const drawing = (n: number) => {
  const [light, dark] = PALETTES[n % PALETTES.length]!;
  const shapes = [
    `<path d="M40 150c30-60 90-60 120 0z" fill="${dark}"/><path d="M50 150c25-40 75-40 100 0" fill="${light}" opacity=".6"/>`,
    `<rect x="60" y="50" width="80" height="100" rx="10" fill="${dark}"/><path d="M140 75h18a14 14 0 0 1 0 45h-18" fill="none" stroke="${dark}" stroke-width="10"/>`,
    `<circle cx="100" cy="100" r="52" fill="${dark}"/><circle cx="100" cy="100" r="34" fill="${light}"/>`,
    `<path d="M70 160l10-90h40l10 90z" fill="${dark}"/><ellipse cx="100" cy="70" rx="20" ry="6" fill="${light}"/>`,
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="${light}"/>${shapes[n % shapes.length]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
};

type Seed = {
  title: string;
  priceMinor: number;
  original?: number;
  options?: Record<string, string[]>;
  stock?: number | null;
  soldOut?: boolean;
};
const SEEDS: Seed[] = [
  { title: 'Linen throw', priceMinor: 8900, options: { Colour: ['Sand', 'Red', 'Olive'], Size: ['S', 'M', 'L'] }, stock: 12 },
  { title: 'Stoneware mug', priceMinor: 2400, stock: 4 },
  { title: 'Wool socks, two pairs', priceMinor: 2900, original: 3600, options: { Size: ['36-38', '39-41', '42-44'] } },
  { title: 'Beeswax candle, tall', priceMinor: 1800, soldOut: true, stock: 0 },
  { title: 'Oak serving board with handle and leather strap', priceMinor: 5400 },
  { title: 'Glass carafe', priceMinor: 3900 },
  {
    title: 'Bed linen set',
    priceMinor: 14900,
    options: { Colour: ['White', 'Clay'], Size: ['135', '155', '200'], Fabric: ['Percale', 'Satin'], Closing: ['Buttons', 'Zip'] },
  },
  { title: 'Waffle towel', priceMinor: 2600 },
];

function combinations(options: Record<string, string[]>): Record<string, string>[] {
  return Object.entries(options).reduce<Record<string, string>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

const products = SEEDS.map((seed, n) => ({
  id: id('prd', n + 1),
  externalId: `p${n + 1}`,
  title: seed.title,
  brand: 'Nordvik',
  description: '',
  category: 'Home',
  url: `http://127.0.0.1/product/${n + 1}`,
  imageUrl: drawing(n),
  facts: [],
  optionNames: Object.keys(seed.options ?? {}),
  variants: combinations(seed.options ?? {}).map((options, v) => ({
    id: id('var', n * 100 + v + 1),
    sku: `sku-${n + 1}-${v + 1}`,
    options,
    priceMinor: seed.priceMinor + (options.Size === 'L' ? 2000 : 0),
    originalPriceMinor: seed.original ?? null,
    currency: 'EUR',
    stockCount: seed.stock ?? null,
    isAvailable: seed.soldOut !== true && !(options.Colour === 'Red' && options.Size === 'S'),
  })),
  updatedAt: Date.now(),
}));

const TALK: [string, string, Partial<{ kind: string; isBuyer: boolean; isSimulated: boolean }>?][] = [
  ['Mara', 'Good evening from Lyon'],
  ['Tom', 'does the throw come in red?'],
  ['Nordvik', 'Welcome everybody, we start with the linen', { kind: 'staff' }],
  ['Ines', 'I have the sand one since last year, it only gets softer with every wash', { isBuyer: true }],
  ['Jo', 'How big is size L?'],
  ['Priya', 'love the colours'],
  ['Sim 12', 'is it heavy?', { isSimulated: true }],
  ['Elif', 'Can it go in the dryer?'],
];

export function createRoom() {
  let change: Record<string, unknown> = {};
  let seq = 0;
  let displayName = 'Guest 41';
  const counts: Record<string, number> = { heart: 1284 };
  const messages: Record<string, unknown>[] = [];
  const message = (name: string, text: string, author: object = {}) => {
    seq += 1;
    const made = {
      id: id('msg', seq),
      seq,
      author: { kind: 'viewer', id: id('vwr', 100 + seq), name, isBuyer: false, isSimulated: false, ...author },
      text,
      postedAt: Date.now(),
      platform: 'insp' as const,
    };
    messages.push(made);
    return made;
  };
  for (const [name, text, author] of TALK) message(name, text, author);

  const show = (base: string) => ({
    id: SHOW_ID,
    orgId: 'org1',
    brandName: 'Nordvik',
    title: 'Spring drop: linen and light',
    description: '',
    hostName: 'Anna',
    state: 'live',
    isSimulated: false,
    scheduledAt: Date.now() - 40 * 60_000,
    liveAt: Date.now() - 40 * 60_000,
    playlistUrl: `${base}/live/p/index.m3u8`,
    products,
    highlights: [{ id: id('hlt', 1), kind: 'product', productId: products[0]!.id, startedAt: Date.now() - 60_000 }],
    ...change,
  });

  /** Of make-replay.sh: its picture's times begin when it was made, so all is said before. */
  const CHAPTERS = [0, 2, 1, 4].map((n, index) => ({
    highlightId: id('hlt', n + 1),
    productId: products[n]?.id ?? null,
    title: products[n]?.title ?? '',
    startMs: index * 24_000,
    endMs: (index + 1) * 24_000,
  }));

  return {
    chapters: () => ({ durationMs: 96_000, chapters: CHAPTERS }),
    saidIn: (minute: number) => ({ minute, messages: messages.map((line) => ({ ...line, postedAt: minute * 60_000 })) }),
    get refuseWith() {
      return change.refuseWith as string | undefined;
    },
    change(next: Record<string, unknown>) {
      change = next;
    },
    session: (base: string) => ({
      token: 'dev',
      expiresAt: Date.now() + 900_000,
      viewerId: id('vwr', 1),
      displayName,
      isSimulated: false,
      socketUrl: `${base.replace('http', 'ws')}/v1/rooms/x/socket`,
      show: show(base),
    }),
    welcome(base: string, offset: number) {
      const now = show(base);
      return {
        sessionId: id('ses', 1),
        viewerId: id('vwr', 1),
        displayName,
        role: 'viewer',
        serverTime: Date.now(),
        positions: [{ channel: 'viewers', epoch: 'dev', offset, recovered: false }],
        snapshot: {
          showState: now.state,
          graceEndsAt: null,
          playlistUrl: now.playlistUrl,
          replay: 'replay' in now ? now.replay : null,
          highlights: now.highlights,
          products: now.products,
          pinnedMessage: change.pinnedMessage ?? null,
          recentMessages: messages.slice(-50),
          slowModeSec: change.slowModeSec ?? 0,
          watchingCount: 1284,
          reactionCounts: counts,
          staff: null,
        },
      };
    },
    post: (text: string) => message(displayName, text, { id: id('vwr', 1) }),
    rename(name: string) {
      displayName = name;
    },
    react(kind: string, count: number) {
      counts[kind] = (counts[kind] ?? 0) + count;
      return { counts: { [kind]: count }, totals: counts };
    },
  };
}
