// Which field of a product a question is about, by cue words in several languages; a cue word of five letters or more is
// also recognized with one slip of the finger ("shiping", "prcie"). And which slots it fills: a size or a colour the answer
// must know of.
import { tokenize } from '../text/tokenize.ts';

/** field -> cue words or phrases, in normal form (lower case, accents folded). */
export type FieldCues = ReadonlyMap<string, readonly string[]>;

const list = (words: string) => words.split(', ');

export const DEFAULT_CUES: FieldCues = new Map([
  [
    'price',
    list(
      'price, prices, how much, cost, costs, 多少钱, 多少錢, 价格, 價格, 怎么卖, 几块, 几元, precio, cuanto cuesta, cuanto vale, cuesta, preis, was kostet, kostet, wie viel kostet, prix, combien coute, combien, coute, preco, quanto custa, quanto e, custa, valor, いくら, 値段, 얼마, 가격',
    ),
  ],
  [
    'size',
    list(
      'size, sizes, sizing, fit, fits, small, medium, large, xl, measurements, dimensions, how big, how tall, 尺码, 尺寸, 大码, 小码, 码, 多大, 多高, talla, tallas, medidas, grosse, grossen, wie gross, taille, tailles, dimensions, tamanho, tamanhos, サイズ, 사이즈',
    ),
  ],
  [
    'stock',
    list(
      'stock, in stock, left, available, availability, sold out, restock, 有货, 还有, 库存, 补货, 现货, 卖完, disponible, agotado, queda, quedan, hay stock, verfugbar, auf lager, ausverkauft, vorratig, disponible, epuise, en stock, disponivel, esgotado, estoque, 在庫, 재고',
    ),
  ],
  [
    'shipping',
    list(
      'ship, ships, shipping, delivery, deliver, delivers, arrive, 发货, 包邮, 运费, 快递, 寄, 邮费, envio, envios, envian, entrega, llega, versand, lieferung, liefert, lieferzeit, livraison, livrez, livrer, expedition, frete, entregam, envia, 送料, 配送, 배송',
    ),
  ],
  [
    'material',
    list(
      'material, materials, fabric, made of, made from, cotton, leather, 材质, 面料, 纯棉, 真皮, 什么料, tela, hecho de, cuero, piel, algodon, stoff, woraus, leder, baumwolle, matiere, tissu, cuir, coton, tecido, feito de, couro, 素材, 소재',
    ),
  ],
  [
    'colour',
    list(
      'color, colour, colors, colours, shade, shades, 颜色, 色号, 黑色, 白色, 红色, 什么色, colores, farbe, farben, couleur, couleurs, coloris, cor, cores, 色, 色は, 색상',
    ),
  ],
  [
    'return',
    list(
      'return, returns, refund, exchange, send back, 退, 换货, 退款, 无理由, devolver, devolucion, cambio, reembolso, ruckgabe, umtausch, umtauschen, zuruckgeben, retour, retourner, rembourser, echanger, devolver, devolucao, trocar, troca, 返品, 환불, 반품',
    ),
  ],
  ['warranty', list('warranty, guarantee, guaranteed, 质保, 保修, garantia, garantie, 保証, 보증')],
]);

const LATIN = /^[\p{Script=Latin}\s]+$/u;
const MIN_FUZZY_CHARS = 5;

/** The field whose longest cue stands in the normalized question; null when none does. Latin cues match whole words. */
export function askedField(normalized: string, cues: FieldCues): string | null {
  const padded = ` ${normalized.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')} `;
  let best: string | null = null;
  let longest = 0;
  for (const [field, words] of cues) {
    for (const cue of words) {
      if (cue.length > longest && padded.includes(LATIN.test(cue) ? ` ${cue} ` : cue)) {
        best = field;
        longest = cue.length;
      }
    }
  }
  return best ?? fuzzyField(tokenize(normalized), cues);
}

function fuzzyField(tokens: readonly string[], cues: FieldCues): string | null {
  for (const token of tokens) {
    if (token.length < MIN_FUZZY_CHARS || !LATIN.test(token)) continue;
    for (const [field, words] of cues) for (const cue of words) if (cue.length >= MIN_FUZZY_CHARS && isOneSlip(token, cue)) return field;
  }
  return null;
}

/** One letter added, left out, changed, or two neighbours swapped (Damerau's four slips). */
export function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}

const COLOURS = new Set(
  list(
    'black, white, red, blue, green, yellow, pink, purple, brown, grey, gray, beige, orange, navy, gold, silver, negro, negra, blanco, blanca, rojo, roja, azul, verde, amarillo, rosa, gris, schwarz, weiss, rot, blau, grun, gelb, braun, noir, noire, blanc, blanche, rouge, bleu, bleue, vert, verte, jaune, preto, preta, branco, branca, vermelho, vermelha, amarelo, roxo, 黑色, 白色, 红色, 蓝色, 绿色, 黄色, 粉色, 紫色, 灰色',
  ),
);
const SIZES = new Set(list('xs, xl, xxl, xxxl, 2xl, 3xl, 4xl'));
const SHORT_SIZES = new Set(list('s, m, l'));
const BEFORE_SIZE = new Set(list('size, in, a, talla, grosse, taille, tamanho, en, em'));

/** Values of slots (a size, a colour) the question names, in normal form. An answer that knows none of them is no answer. */
export function namedSlots(normalized: string): string[] {
  const tokens = tokenize(normalized);
  return tokens.filter(
    (token, at) => COLOURS.has(token) || SIZES.has(token) || (SHORT_SIZES.has(token) && BEFORE_SIZE.has(tokens[at - 1] ?? '')),
  );
}
