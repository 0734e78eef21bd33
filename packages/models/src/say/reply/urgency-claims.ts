// Finds claims of scarcity in words a viewer would read as pressure: little stock, little time, a crowd that buys. Written
// for English, Chinese, Spanish, German, French and Portuguese, on the normal form, so capitals, full-width letters and
// hidden characters change nothing. It errs on the side of finding a claim: a true one only has to bring its proof.
import { normalizeChat } from '../text/normalize-chat.ts';

export const URGENCY_KINDS = ['stock', 'time', 'crowd'] as const;
export type UrgencyKind = (typeof URGENCY_KINDS)[number];

export type UrgencyClaim = {
  readonly kind: UrgencyKind;
  readonly words: string;
  /** Pieces left, or people; null when no figure is given. */
  readonly count: number | null;
  /** Time left as claimed, with the unit as its accuracy; null for other kinds and when no figure is given. */
  readonly leftMs: number | null;
  readonly unitMs: number | null;
};

const WORD_NUMBERS = new Map(
  [
    'one un une una uno um uma ein eine einer 一',
    'two dos deux zwei dois duas 二 两',
    'three tres trois drei 三',
    'four cuatro quatre vier quatro 四',
    'five cinco cinq funf 五',
    'six seis sechs 六',
    'seven siete sept sieben sete 七',
    'eight ocho huit acht oito 八',
    'nine nueve neuf neun nove 九',
    'ten diez dix zehn dez 十',
  ].flatMap((words, index) => words.split(' ').map((word) => [word, index + 1] as const)),
);
const N = `(?<n>\\d+|${[...WORD_NUMBERS.keys()].join('|')})`;

const SEC = 1_000;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:sec|seg|sek|秒)/u, SEC],
  [/^(?:min|分)/u, 60 * SEC],
  [/^(?:h|stund|ora|小时|钟头)/u, 3_600 * SEC],
  [/^(?:d|tag|jour|天|日)/u, 86_400 * SEC],
];
const UNIT =
  '(?<unit>sec(?:onds?|onde[ns]?|s)?|segundos?|sekunden?|min(?:utes?|utos?|uten?|s)?|hours?|hrs?|h|horas?|heures?|stunden?|days?|dias?|jours?|tage?n?|秒钟?|分钟?|小时|天)(?![a-z])';

/** Not pieces but money, sizes or shares: "only 49 EUR", "just 30 cm". */
const NOT_PIECES =
  '(?![\\d.,]*\\d| ?(?:eur|euros?|€|usd|dollars?|bucks|\\$|pounds?|gbp|£|yuan|rmb|cny|jpy|yen|¥|元|块|brl|reais|real|pesos?|percent|per cent|prozent|%|折|cm|mm|m|kg|g|ml|l|w|watts?|inch|inches|years?|weeks?|months?|jahre?|anos?|ans|x)(?![a-z]))';

const PATTERNS: readonly (readonly [UrgencyKind, string])[] = [
  // Time first: "only 3 minutes left" is about time, not pieces. "Ships in 3 days" is neither: "in" needs something that ends.
  [
    'time',
    `(?:ends?|ending|over|expir\\w+|clos\\w+|gone|finish\\w*|stops?|goes up|sale|offer|deal|termin[ae]\\w*|acaba\\w*|finaliza\\w*|oferta|promocao|fini\\w*|offre|promo|endet|vorbei|angebot|aktion)[^.!?]{0,24}?\\b(?:in|within|en|em|dans) (?:the next |about |los |las |os |as |les )?${N} ?${UNIT}`,
  ],
  ['time', `\\b(?:only|just|last|final|noch|quedan|restam|faltam|plus que|reste|ultim[oa]s|letzten?|derni[a-z]+) (?:the )?${N} ?${UNIT}`],
  ['time', `(?:还剩|只剩|仅剩|剩下|最后|还有) ?${N} ?个?${UNIT}`],
  ['time', `${N} ?个?${UNIT} ?(?:left|remaining|to go|restantes?|ubrig|之?后(?:就)?(?:结束|恢复原价|截止|涨价|下架))`],
  [
    'time',
    "\\b(?:ends? soon|ending soon|hurry|last chance|act (?:now|fast)|today only|tonight only|now or never|limited[- ]time|last (?:few )?minutes?|final hours?|final minutes?|before it'?s (?:too late|gone)|don'?t miss|ultima oportunidad|ultimas horas|tiempo limitado|date prisa|daos prisa|solo hoy|letzte chance|nur heute|nur kurze zeit|beeil[a-z]*|derniere chance|depeche[a-z]*|aujourd'hui seulement|duree limitee|ultima chance|tempo limitado|so hoje|corram?)\\b",
  ],
  ['time', '即将结束|马上结束|快结束|限时|倒计时|最后机会|今天最后|仅限今天|只限今天|错过|赶紧|抓紧|手慢无'],
  [
    'crowd',
    `${N} ?(?:more )?(?:people|persons?|others?|customers?|viewers?|buyers?|shoppers?|of you|personas|clientes|personen|leute|kunden|personnes|clients|pessoas|人)(?:[^.!?\\d]{0,24})(?:buy|bought|order|purchas|grab|basket|cart|watching|looking|viewing|compr|kauf|bestell|achet|command|买|下单|抢|拍)`,
  ],
  ['crowd', `${N} ?(?:sold|orders?|vendid[oa]s?|verkauft|vendus?|bestellungen|pedidos|commandes)\\b`],
  ['crowd', `(?:已售|已卖|已经卖|卖出|卖了|抢了|拍了|已抢)(?:出|了)? ?${N}`],
  [
    'crowd',
    "\\b(?:others|everyone|everybody|people|they'?re all|many of you) (?:is|are|keep) (?:\\w+ )?(?:buying|ordering|grabbing|getting)\\b|\\b(?:in high demand|flying off|selling like|todos? (?:lo )?estan comprando|alle kaufen|tout le monde achete|todo mundo esta comprando)\\b",
  ],
  ['crowd', '大家都在(?:买|抢|拍)|疯抢|抢疯了|都在下单'],
  [
    'stock',
    `\\b(?:only|just|last|final|down to(?: the last)?|nur noch|noch|solo(?: nos)? quedan?|quedan?(?: solo)?|ultim[oa]s|so restam|restam(?: apenas| so)?|apenas|plus que|(?:il )?(?:ne |n')?reste(?: plus)?(?: que)?|derni[a-z]+|letzten?) (?:the )?${N}\\b${NOT_PIECES}(?: (?:\\w+ ){0,3}?(?:left|remaining|in stock|ubrig|restantes?|disponibles?|auf lager|en stock)\\b)?`,
  ],
  ['stock', `\\b${N} (?:\\w+ ){0,3}?(?:left|remaining|in stock|ubrig|restantes?|disponibles?|auf lager|en stock)\\b`],
  ['stock', `(?:仅剩|只剩|还剩|就剩|剩下|剩|最后|库存) ?${N} ?(?:件|个|套|双|单|份|条|只|瓶|盒|台|支|包)?`],
  [
    'stock',
    "\\b(?:almost gone|nearly gone|(?:almost|nearly) sold out|about to sell out|sell(?:ing|s)? (?:out )?fast|going fast|running (?:out|low)|(?:only a )?few (?:\\w+ )?(?:left|remaining|pieces)|low (?:in |on )?stock|limited (?:stock|quantit\\w+|supply)|while (?:stocks?|supplies) lasts?|last (?:one|ones|piece|pieces|pair|pairs)|won'?t last|quedan poc[oa]s|ultimas (?:unidades|piezas|pecas)|(?:casi|quase) (?:agotad|esgotad)[oa]s?|se agotan?|fast ausverkauft|nur noch wenige|solange der vorrat|letzte (?:stucke?|exemplare)|presque epuise[es]*|bientot epuise[es]*|dernier[es]* (?:pieces?|exemplaires?|articles?)|stock limite)\\b",
  ],
  [
    'stock',
    '库存不多|库存告急|库存紧张|所剩不多|所剩无几|即将售罄|快卖完|快没了|快抢完|快抢光|马上卖完|马上没|限量|余量不多|最后一批|最后几',
  ],
];

const COMPILED = PATTERNS.map(([kind, source]) => ({ kind, pattern: new RegExp(source, 'gu') }));

/** Longest text read, in UTF-16 units; `checkScarcity` blocks what is longer. */
export const MAX_CLAIM_CHARS = 2_000;

/** The claims of a text in order of kind; each stretch of words is one claim only. */
export function findUrgencyClaims(text: string): UrgencyClaim[] {
  let rest = normalizeChat(text, MAX_CLAIM_CHARS).text;
  const claims: UrgencyClaim[] = [];
  for (const { kind, pattern } of COMPILED) {
    rest = rest.replace(pattern, (words: string, ...args: unknown[]) => {
      const { n, unit } = groupsOf(args);
      const figure = n === undefined ? null : (WORD_NUMBERS.get(n) ?? Number(n));
      const unitMs = unit === undefined ? null : (UNITS.find(([start]) => start.test(unit))?.[1] ?? null);
      claims.push({
        kind,
        words: words.trim(),
        count: kind === 'time' ? null : figure,
        leftMs: figure !== null && unitMs !== null ? figure * unitMs : null,
        unitMs,
      });
      return ' \u00b7 ';
    });
  }
  return claims;
}

function groupsOf(args: readonly unknown[]): { n?: string; unit?: string } {
  const last = args.at(-1);
  return typeof last === 'object' && last !== null ? (last as { n?: string; unit?: string }) : {};
}
