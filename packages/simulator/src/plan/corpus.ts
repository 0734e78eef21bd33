// What simulated shoppers say. Short, uneven, repeated: like a real live chat. Questions of one topic come in several
// wordings and languages on purpose, so that grouping them can be seen to work. `{product}` becomes the product on
// display. Nobody real wrote any of this.
import type { Seeded } from './seeded.ts';

export const LANGUAGES = ['en', 'de', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

export const TOPICS = ['colour_red', 'colours', 'size', 'material', 'care', 'price', 'delivery', 'stock', 'gift', 'origin'] as const;
export type Topic = (typeof TOPICS)[number];

type Lines = Readonly<Record<Language, readonly string[]>>;

export const QUESTIONS: Readonly<Record<Topic, Lines>> = {
  colour_red: {
    en: [
      'does it come in red?',
      'is there a red one?',
      'do you have the {product} in red',
      'red available??',
      'Any red ones?',
      'can I get this in red',
      'red pls? 🙏',
    ],
    de: ['gibt es das auch in rot?', 'habt ihr die Farbe Rot?', 'auch in rot?'],
    zh: ['有红色的吗？', '红色有吗'],
  },
  colours: {
    en: [
      'what other colours are there?',
      'which colours does the {product} come in',
      'other colours?',
      'show all the colors please',
      'colour options?',
    ],
    de: ['welche Farben gibt es noch?', 'andere Farben?'],
    zh: ['还有什么颜色？', '其他颜色呢'],
  },
  size: {
    en: [
      'how big is it?',
      'what are the dimensions of the {product}',
      'what size is that one',
      'is there a bigger one?',
      'does it come in large',
      'sizes?',
      'how large is it exactly?',
    ],
    de: ['wie groß ist das?', 'welche Größen gibt es?', 'Maße?'],
    zh: ['多大？', '尺寸是多少', '有大号吗？'],
  },
  material: {
    en: [
      'what is it made of?',
      'is the {product} real linen?',
      'what material is this',
      'is that wool or cotton',
      'material?',
      'does it contain plastic?',
    ],
    de: ['aus welchem Material ist das?', 'ist das echtes Leinen?'],
    zh: ['是什么材质的？', '什么面料'],
  },
  care: {
    en: [
      'can I put it in the washing machine?',
      'is it dishwasher safe?',
      'how do you wash the {product}',
      'machine washable?',
      'how do I clean it',
      'can it go in the dryer?',
    ],
    de: ['kann man das in der Maschine waschen?', 'ist das spülmaschinenfest?'],
    zh: ['可以机洗吗？', '怎么清洗'],
  },
  price: {
    en: ['how much is it?', "what's the price of the {product}?", 'price?', 'how much 👀', 'what does it cost', 'any discount today?'],
    de: ['was kostet das?', 'Preis?', 'gibt es heute Rabatt?'],
    zh: ['多少钱？', '有优惠吗'],
  },
  delivery: {
    en: [
      'do you ship to Austria?',
      'how long does delivery take?',
      'shipping to France?',
      'when would it arrive',
      'is shipping free',
      'delivery time?',
    ],
    de: ['wie lange dauert der Versand?', 'liefert ihr nach Österreich?', 'Versandkosten?'],
    zh: ['多久能到？', '包邮吗'],
  },
  stock: {
    en: ['how many are left?', 'is the {product} still in stock', 'will it be restocked?', 'still available?', 'is it sold out already??'],
    de: ['wie viele sind noch da?', 'noch verfügbar?'],
    zh: ['还有货吗？', '还剩多少'],
  },
  gift: {
    en: ['do you do gift wrapping?', 'can it be wrapped as a gift', 'gift box?', 'good for a wedding present?'],
    de: ['könnt ihr es als Geschenk einpacken?'],
    zh: ['可以礼品包装吗'],
  },
  origin: {
    en: ['where is it made?', 'where does the {product} come from', 'made in Europe?', 'who makes these'],
    de: ['wo wird das hergestellt?', 'aus welchem Land kommt das?'],
    zh: ['哪里生产的？'],
  },
};

export const GREETINGS: Lines = {
  en: [
    'hi everyone',
    'hello!',
    'hey 👋',
    'hi from Dublin',
    'good evening',
    'hello from Lisbon ☀️',
    'first time here',
    "I'm back!",
    'hi all',
    'heyyy',
    'evening from Vienna',
  ],
  de: ['hallo zusammen', 'Hallo aus Köln 👋', 'guten Abend', 'moin', 'servus'],
  zh: ['大家好', '晚上好', '来啦'],
};

export const COMMENTS: Lines = {
  en: [
    'love it',
    'so pretty',
    '😍',
    '😍😍😍',
    'beautiful',
    'nice',
    'wow',
    '🔥',
    '🔥🔥',
    '❤️',
    'need this',
    'ok that is lovely',
    'gorgeous',
    'my sister has this, it lasts',
    'that colour!!',
    'so soft',
    'looks heavy in a good way',
    'yes',
    'haha',
    '😂',
    '👏👏',
    'want',
    'omg',
    'calm vibes',
    'got one last year, still perfect',
    'show it closer please',
    'can you hold it up again',
    'the light is so nice there',
    '🙌',
    'adding to my list',
    'lol',
    'same',
  ],
  de: ['schön!', 'wunderschön', 'toll', 'brauche ich', 'sehr schick', 'super ❤️', 'kann man das nochmal zeigen', 'genial'],
  zh: ['好看', '喜欢', '太美了', '想要', '❤️❤️', '真不错'],
};

export const AFTER_BUYING: Lines = {
  en: ['just ordered 🎉', 'bought it!', 'got mine', 'ordered one for my mum', 'done, ordered', 'finally mine 🥳'],
  de: ['bestellt!', 'gerade gekauft 🎉', 'meins!'],
  zh: ['已下单', '买了🎉'],
};

const LANGUAGE_WEIGHTS: readonly (readonly [Language, number])[] = [
  ['en', 0.78],
  ['de', 0.14],
  ['zh', 0.08],
];

export function pickLanguage(random: Seeded): Language {
  let left = random.float();
  for (const [language, weight] of LANGUAGE_WEIGHTS) {
    left -= weight;
    if (left < 0) return language;
  }
  return 'en';
}

export const pickLine = (lines: Lines, language: Language, random: Seeded): string => random.pick(lines[language]);

/** What people ask is uneven: one topic is on everybody's mind, others trail. */
export function pickTopic(random: Seeded): Topic {
  const rank = Math.floor(TOPICS.length * random.float() ** 1.8);
  return TOPICS[Math.min(rank, TOPICS.length - 1)] as Topic;
}

/** Puts the product into a line; a line about no product stays as it is. */
export const fillLine = (line: string, productTitle: string | null): string =>
  line.replaceAll('{product}', productTitle?.toLowerCase() ?? 'one');
