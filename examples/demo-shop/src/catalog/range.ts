// The range: twenty things in four groups, with the facts a shopper asks for (material, size, care, origin).
// The house is invented; the facts are of the kind a real maker would print, and the only ones the show may quote.
import { drawBoard, drawJar, drawMill, drawPot, drawSpoons } from '../pictures/kitchen.ts';
import { drawBasket, drawCandle, drawHolder, drawLamp, drawVase } from '../pictures/living.ts';
import { drawBowl, drawCarafe, drawMug, drawNapkins, drawPlate } from '../pictures/table.ts';
import { drawApron, drawCushion, drawSocks, drawThrow, drawTowel } from '../pictures/textiles.ts';
import { type ProductSheet, productFromSheet, type ShopProduct } from './product.ts';

const fact = (name: string, value: string) => ({ name, value });

const textiles: ProductSheet[] = [
  {
    id: 'linen-throw',
    group: 'Textiles',
    name: 'Linen throw',
    tagline: 'Heavy washed linen with a hand-knotted fringe',
    description:
      'A throw with weight: flax yarn woven loose, washed until it falls by itself. It is cool in summer, warm enough for an open window in October, and gets softer every year.',
    facts: [
      fact('Material', '100 % European flax linen, 310 g/m²'),
      fact('Sizes', '130 × 170 cm or 150 × 200 cm'),
      fact('Care', 'Machine wash at 40 °C, line dry, no bleach'),
      fact('Origin', 'Woven and finished in Kaunas, Lithuania'),
      fact('Good to know', 'OEKO-TEX Standard 100; no lining, the same on both sides'),
    ],
    skuPrefix: 'LT',
    priceMinor: 8900,
    draw: drawThrow,
    options: {
      Colour: [
        { name: 'Sand', code: 'SAND', colour: '#cdb596' },
        { name: 'Red', code: 'RED', colour: '#a8493b' },
        { name: 'Slate', code: 'SLATE', colour: '#6f7f8a' },
      ],
      Size: [
        { name: '130 × 170 cm', code: '130', priceMinor: 8900 },
        { name: '150 × 200 cm', code: '150', priceMinor: 11900 },
      ],
    },
    stock: { default: 60, 'LT-RED-130': 48, 'LT-RED-150': 12, 'LT-SLATE-150': 26 },
    detail: { x: 190, y: 560, width: 280, height: 350 },
  },
  {
    id: 'wool-socks',
    group: 'Textiles',
    name: 'Wool socks',
    tagline: 'Thick ribbed socks for cold floors',
    description:
      'Knitted from two strands of merino with a padded sole and a loose cuff that leaves no marks. Made for evenings on stone floors and for boots the next morning.',
    facts: [
      fact('Material', '80 % merino wool, 18 % polyamide, 2 % elastane'),
      fact('Sizes', 'EU 36–38, 39–41, 42–45'),
      fact('Care', 'Wool programme at 30 °C, dry flat, do not tumble'),
      fact('Origin', 'Knitted in Guimarães, Portugal; mulesing-free wool'),
    ],
    skuPrefix: 'WS',
    priceMinor: 2400,
    draw: drawSocks,
    options: {
      Colour: [
        { name: 'Moss', code: 'MOSS', colour: '#6c7657' },
        { name: 'Oat', code: 'OAT', colour: '#c9b698' },
        { name: 'Charcoal', code: 'CHAR', colour: '#4b4b4e' },
      ],
      Size: [
        { name: '36–38', code: '36' },
        { name: '39–41', code: '39' },
        { name: '42–45', code: '42' },
      ],
    },
    stock: { default: 90, 'WS-MOSS-36': 0, 'WS-CHAR-42': 14 },
    detail: { x: 180, y: 250, width: 280, height: 350 },
  },
  {
    id: 'cushion-cover',
    group: 'Textiles',
    name: 'Linen cushion',
    tagline: 'Stone-washed cover with feather filling',
    description:
      'A square cushion with a piped edge and a hidden zip. The cover comes off for washing; the filling is new feather and down.',
    facts: [
      fact('Material', 'Cover 100 % linen; filling 85 % feather, 15 % down'),
      fact('Size', '50 × 50 cm'),
      fact('Care', 'Cover at 40 °C; air the filling, do not wash it'),
      fact('Origin', 'Sewn in Lodz, Poland'),
    ],
    skuPrefix: 'CU',
    priceMinor: 4500,
    draw: drawCushion,
    options: {
      Colour: [
        { name: 'Clay', code: 'CLAY', colour: '#b9775a' },
        { name: 'Natural', code: 'NAT', colour: '#d5c6ac' },
        { name: 'Moss', code: 'MOSS', colour: '#7c8566' },
      ],
    },
    stock: { default: 55 },
    detail: { x: 120, y: 250, width: 280, height: 350 },
  },
  {
    id: 'waffle-towel',
    group: 'Textiles',
    name: 'Waffle towel',
    tagline: 'Light, quick to dry, long to last',
    description:
      'Waffle weave takes up water with its whole depth and is dry again by evening. It shrinks a little in the first wash; the size given is the size after.',
    facts: [
      fact('Material', '60 % linen, 40 % long-staple cotton, 260 g/m²'),
      fact('Sizes', 'Hand 50 × 80 cm, bath 80 × 140 cm (after washing)'),
      fact('Care', 'Machine wash at 60 °C, tumble dry low'),
      fact('Origin', 'Woven in Guimarães, Portugal'),
    ],
    skuPrefix: 'WT',
    priceMinor: 1900,
    draw: drawTowel,
    options: {
      Colour: [
        { name: 'Chalk', code: 'CHALK', colour: '#e9e4d8' },
        { name: 'Sage', code: 'SAGE', colour: '#aab39d' },
        { name: 'Clay', code: 'CLAY', colour: '#c68f74' },
      ],
      Size: [
        { name: 'Hand', code: 'H', priceMinor: 1900 },
        { name: 'Bath', code: 'B', priceMinor: 3900 },
      ],
    },
    stock: { default: 80 },
    detail: { x: 180, y: 330, width: 300, height: 375 },
  },
  {
    id: 'linen-apron',
    group: 'Textiles',
    name: 'Linen apron',
    tagline: 'Bib apron with brass eyes and a deep pocket',
    description: 'A kitchen apron that ties in front, with a neck strap you can set and a pocket that holds a towel and a notebook.',
    facts: [
      fact('Material', '100 % linen, 245 g/m²; brass eyes'),
      fact('Size', 'One size, 72 × 90 cm, straps 95 cm'),
      fact('Care', 'Machine wash at 60 °C, iron damp'),
      fact('Origin', 'Woven and sewn in Kaunas, Lithuania'),
    ],
    skuPrefix: 'AP',
    priceMinor: 5200,
    draw: drawApron,
    options: {
      Colour: [
        { name: 'Indigo', code: 'IND', colour: '#46566b' },
        { name: 'Natural', code: 'NAT', colour: '#cbb999' },
      ],
    },
    stock: { default: 40 },
    detail: { x: 260, y: 560, width: 280, height: 350 },
  },
];

const table: ProductSheet[] = [
  {
    id: 'stoneware-mug',
    group: 'Table',
    name: 'Stoneware mug',
    tagline: 'Thrown by hand, glazed to the foot',
    description:
      'A generous mug with a handle for three fingers. The foot stays unglazed, so you can feel the clay; the iron in it shows as speckles.',
    facts: [
      fact('Material', 'Stoneware, lead-free glaze'),
      fact('Size', '350 ml, 9.5 cm high, 9 cm across'),
      fact('Care', 'Dishwasher and microwave safe'),
      fact('Origin', 'Thrown in Höhr-Grenzhausen, Germany'),
    ],
    skuPrefix: 'MG',
    priceMinor: 2600,
    draw: drawMug,
    options: {
      Colour: [
        { name: 'Chalk', code: 'CHALK', colour: '#e7dfd0' },
        { name: 'Ochre', code: 'OCHRE', colour: '#c79445' },
        { name: 'Sea green', code: 'SEA', colour: '#7fa095' },
      ],
    },
    stock: { default: 110 },
    detail: { x: 330, y: 400, width: 320, height: 400 },
  },
  {
    id: 'dinner-plate',
    group: 'Table',
    name: 'Dinner plate',
    tagline: 'Wide rim, flat well, stacks low',
    description:
      'An everyday plate with a raised edge that keeps sauce where it belongs. The rim is left bare; small differences between plates are how you know they were made by people.',
    facts: [
      fact('Material', 'Stoneware, lead-free glaze'),
      fact('Size', '27 cm across, 2.5 cm high, 780 g'),
      fact('Care', 'Dishwasher, microwave and oven safe to 180 °C'),
      fact('Origin', 'Pressed and glazed in Höhr-Grenzhausen, Germany'),
    ],
    skuPrefix: 'DP',
    priceMinor: 2900,
    draw: drawPlate,
    options: {
      Colour: [
        { name: 'Chalk', code: 'CHALK', colour: '#ebe4d6' },
        { name: 'Sea green', code: 'SEA', colour: '#8aa79c' },
      ],
    },
    stock: { default: 120 },
    detail: { x: 90, y: 190, width: 320, height: 400 },
  },
  {
    id: 'serving-bowl',
    group: 'Table',
    name: 'Serving bowl',
    tagline: 'For salad, for lemons, for keys',
    description: 'A wide bowl on a narrow foot, glazed inside and out. Large enough for a salad for six in the big size.',
    facts: [
      fact('Material', 'Stoneware, lead-free glaze'),
      fact('Sizes', '22 cm (1.4 l) or 28 cm (2.6 l)'),
      fact('Care', 'Dishwasher and microwave safe'),
      fact('Origin', 'Thrown in Höhr-Grenzhausen, Germany'),
    ],
    skuPrefix: 'SB',
    priceMinor: 4800,
    draw: drawBowl,
    colour: '#7d97a0',
    options: {
      Size: [
        { name: '22 cm', code: '22', priceMinor: 4800 },
        { name: '28 cm', code: '28', priceMinor: 6900 },
      ],
    },
    stock: { default: 45 },
    detail: { x: 200, y: 320, width: 360, height: 450 },
  },
  {
    id: 'carafe',
    group: 'Table',
    name: 'Carafe and tumbler',
    tagline: 'Mouth-blown, the tumbler is the lid',
    description:
      'Borosilicate glass, blown by mouth and therefore never quite the same twice. The tumbler turned over keeps the dust out at night.',
    facts: [
      fact('Material', 'Borosilicate glass'),
      fact('Size', 'Carafe 1 l, 25 cm high; tumbler 220 ml'),
      fact('Care', 'Dishwasher safe; no sudden heat'),
      fact('Origin', 'Blown in Nový Bor, Czechia'),
    ],
    skuPrefix: 'CA',
    priceMinor: 5900,
    draw: drawCarafe,
    options: {
      Colour: [
        { name: 'Clear', code: 'CLEAR', colour: '#b9cfd0' },
        { name: 'Smoke', code: 'SMOKE', colour: '#7d7c78' },
      ],
    },
    stock: { default: 38 },
    detail: { x: 170, y: 480, width: 300, height: 375 },
  },
  {
    id: 'linen-napkins',
    group: 'Table',
    name: 'Linen napkins',
    tagline: 'Set of four, with mitred hems',
    description: 'Napkins for every day, not only for guests. They need no ironing: fold them damp and let the table do the rest.',
    facts: [
      fact('Material', '100 % linen, 180 g/m²'),
      fact('Size', 'Set of four, 45 × 45 cm each'),
      fact('Care', 'Machine wash at 60 °C'),
      fact('Origin', 'Woven and sewn in Kaunas, Lithuania'),
    ],
    skuPrefix: 'NP',
    priceMinor: 3600,
    draw: drawNapkins,
    options: {
      Colour: [
        { name: 'Natural', code: 'NAT', colour: '#cfbf9f' },
        { name: 'Red', code: 'RED', colour: '#ab5044' },
        { name: 'Moss', code: 'MOSS', colour: '#7d866a' },
      ],
    },
    stock: { default: 70 },
    detail: { x: 300, y: 400, width: 280, height: 350 },
  },
];

const kitchen: ProductSheet[] = [
  {
    id: 'cutting-board',
    group: 'Kitchen',
    name: 'Oak cutting board',
    tagline: 'One piece of oak, oiled three times',
    description: 'Cut from one plank so that it moves as one. Both sides are flat: one for bread, one for onions.',
    facts: [
      fact('Material', 'Solid European oak, linseed oil, leather loop'),
      fact('Sizes', '24 × 42 cm or 30 × 54 cm, 2.4 cm thick'),
      fact('Care', 'Wipe by hand, stand to dry, oil twice a year; never the dishwasher'),
      fact('Origin', 'Made in the Bavarian Forest, Germany; PEFC wood'),
    ],
    skuPrefix: 'CB',
    priceMinor: 4900,
    draw: drawBoard,
    colour: '#c69a63',
    options: {
      Size: [
        { name: 'Small', code: 'S', priceMinor: 4900 },
        { name: 'Large', code: 'L', priceMinor: 6900 },
      ],
    },
    stock: { default: 42, 'CB-L': 18 },
    detail: { x: 220, y: 470, width: 280, height: 350 },
  },
  {
    id: 'wooden-spoons',
    group: 'Kitchen',
    name: 'Beech spoons',
    tagline: 'Spoon, turner and fork',
    description: 'Three tools that cover most of cooking, carved from beech and oiled. Kind to enamel and to non-stick pans.',
    facts: [
      fact('Material', 'Solid beech, linseed oil'),
      fact('Size', 'Set of three, 30 cm long'),
      fact('Care', 'Wash by hand, oil when the wood looks dry'),
      fact('Origin', 'Carved in the Thuringian Forest, Germany'),
    ],
    skuPrefix: 'SP',
    priceMinor: 2200,
    draw: drawSpoons,
    colour: '#d2a876',
    options: {},
    stock: { default: 95 },
    detail: { x: 110, y: 150, width: 320, height: 400 },
  },
  {
    id: 'enamel-pot',
    group: 'Kitchen',
    name: 'Enamel pot',
    tagline: 'From stove to table, on any hob',
    description: 'Steel with two coats of enamel, light to lift and quick to heat. The lid knob is beech and stays cool.',
    facts: [
      fact('Material', 'Enamelled steel, beech knob'),
      fact('Sizes', '2 l (18 cm) or 4 l (22 cm)'),
      fact('Care', 'Dishwasher safe without the lid; no metal tools'),
      fact('Origin', 'Enamelled in Ybbsitz, Austria'),
      fact('Good to know', 'Gas, electric, ceramic and induction; oven to 220 °C without the lid'),
    ],
    skuPrefix: 'EP',
    priceMinor: 6400,
    draw: drawPot,
    options: {
      Colour: [
        { name: 'Cream', code: 'CREAM', colour: '#e9dfc8' },
        { name: 'Deep blue', code: 'BLUE', colour: '#43607a' },
      ],
      Size: [
        { name: '2 l', code: '2', priceMinor: 6400 },
        { name: '4 l', code: '4', priceMinor: 7900 },
      ],
    },
    stock: { default: 30 },
    detail: { x: 130, y: 220, width: 360, height: 450 },
  },
  {
    id: 'pepper-mill',
    group: 'Kitchen',
    name: 'Pepper mill',
    tagline: 'Turned wood, steel grinder',
    description:
      'A mill with a hardened steel grinder, set by the nut on top from fine to cracked. Empty when it comes: choose your own pepper.',
    facts: [
      fact('Material', 'Solid oak or walnut, steel grinder'),
      fact('Size', '22 cm high, holds 45 g'),
      fact('Care', 'Wipe dry; oil once a year'),
      fact('Origin', 'Turned in the Jura, France; 10 years on the grinder'),
    ],
    skuPrefix: 'PM',
    priceMinor: 5400,
    draw: drawMill,
    options: {
      Wood: [
        { name: 'Oak', code: 'OAK', colour: '#c0925b' },
        { name: 'Walnut', code: 'WAL', colour: '#6e4a34' },
      ],
    },
    stock: { default: 36 },
    detail: { x: 260, y: 190, width: 280, height: 350 },
  },
  {
    id: 'storage-jar',
    group: 'Kitchen',
    name: 'Storage jar',
    tagline: 'Glass with a turned oak lid',
    description: 'A jar that shows what is running out. The silicone seal sits inside the lid and keeps moths out and crackers crisp.',
    facts: [
      fact('Material', 'Borosilicate glass, oak lid, silicone seal'),
      fact('Sizes', '0.7 l, 1.2 l or 1.8 l'),
      fact('Care', 'Glass in the dishwasher, wipe the lid'),
      fact('Origin', 'Glass from Nový Bor, Czechia; lids turned in Germany'),
    ],
    skuPrefix: 'SJ',
    priceMinor: 2300,
    draw: drawJar,
    colour: '#c39a66',
    options: {
      Size: [
        { name: '0.7 l', code: '07', priceMinor: 2300 },
        { name: '1.2 l', code: '12', priceMinor: 2700 },
        { name: '1.8 l', code: '18', priceMinor: 3200 },
      ],
    },
    stock: { default: 75 },
    detail: { x: 200, y: 210, width: 320, height: 400 },
  },
];

const living: ProductSheet[] = [
  {
    id: 'stoneware-vase',
    group: 'Light & living',
    name: 'Stoneware vase',
    tagline: 'A narrow neck for one good branch',
    description:
      'A round body and a neck that holds a single stem upright. Glazed inside, so it keeps water and leaves no ring on the table.',
    facts: [
      fact('Material', 'Stoneware, matt glaze, watertight'),
      fact('Size', '23 cm high, 19 cm across'),
      fact('Care', 'Rinse by hand with a bottle brush'),
      fact('Origin', 'Thrown in Höhr-Grenzhausen, Germany'),
    ],
    skuPrefix: 'VA',
    priceMinor: 5800,
    draw: drawVase,
    options: {
      Colour: [
        { name: 'Chalk', code: 'CHALK', colour: '#e6ddcd' },
        { name: 'Terracotta', code: 'TERRA', colour: '#bb7152' },
        { name: 'Ink', code: 'INK', colour: '#4a5560' },
      ],
    },
    stock: { default: 34, 'VA-INK': 9 },
    detail: { x: 240, y: 400, width: 320, height: 400 },
  },
  {
    id: 'candle',
    group: 'Light & living',
    name: 'Scented candle',
    tagline: 'Rapeseed wax, forty-five hours',
    description: 'Poured in small batches from rapeseed and beeswax with a cotton wick. The glass is made to be a tumbler afterwards.',
    facts: [
      fact('Material', '90 % rapeseed wax, 10 % beeswax, cotton wick'),
      fact('Size', '220 g, about 45 hours, 9 cm high'),
      fact('Care', 'First burn two hours; trim the wick to 5 mm'),
      fact('Origin', 'Poured in Leipzig, Germany'),
    ],
    skuPrefix: 'CN',
    priceMinor: 3200,
    draw: drawCandle,
    options: {
      Scent: [
        { name: 'Fig leaf', code: 'FIG', colour: '#8f9b78' },
        { name: 'Cedar', code: 'CED', colour: '#a8714c' },
        { name: 'Unscented', code: 'PLAIN', colour: '#d8c7a8' },
      ],
    },
    stock: { default: 85 },
    detail: { x: 230, y: 250, width: 340, height: 425 },
  },
  {
    id: 'candle-holder',
    group: 'Light & living',
    name: 'Brass chamberstick',
    tagline: 'Spun brass with a finger ring',
    description: 'A candle holder to carry from room to room. The brass is not lacquered: it darkens, and a lemon brings the shine back.',
    facts: [
      fact('Material', 'Solid brass, unlacquered'),
      fact('Size', '16 cm across, for candles of 22 mm'),
      fact('Care', 'Polish with lemon and salt, or let it darken'),
      fact('Origin', 'Spun in Iserlohn, Germany; the next batch comes in March'),
    ],
    skuPrefix: 'CH',
    priceMinor: 6800,
    draw: drawHolder,
    colour: '#c39b4b',
    options: {},
    stock: { default: 0 },
    detail: { x: 230, y: 520, width: 260, height: 325 },
  },
  {
    id: 'seagrass-basket',
    group: 'Light & living',
    name: 'Seagrass basket',
    tagline: 'Woven round, with two handles',
    description: 'For blankets, firewood or toys. It keeps its shape when empty and gives way when full.',
    facts: [
      fact('Material', 'Seagrass on a steel ring'),
      fact('Sizes', 'Medium 32 × 28 cm, large 42 × 36 cm'),
      fact('Care', 'Brush dry; keep out of the wet'),
      fact('Origin', 'Woven by a cooperative in Ninh Binh, Vietnam'),
    ],
    skuPrefix: 'BK',
    priceMinor: 4200,
    draw: drawBasket,
    colour: '#bd9a63',
    options: {
      Size: [
        { name: 'Medium', code: 'M', priceMinor: 4200 },
        { name: 'Large', code: 'L', priceMinor: 5800 },
      ],
    },
    stock: { default: 33 },
    detail: { x: 200, y: 400, width: 320, height: 400 },
  },
  {
    id: 'table-lamp',
    group: 'Light & living',
    name: 'Linen table lamp',
    tagline: 'Warm light through woven linen',
    description:
      'A turned oak foot and a shade of unbleached linen that makes any bulb look kind. With a textile cable and a switch you find in the dark.',
    facts: [
      fact('Material', 'Oak foot, linen shade, textile cable 1.8 m'),
      fact('Size', '46 cm high, shade 30 cm across'),
      fact('Care', 'Dust with a soft brush'),
      fact('Origin', 'Turned and sewn in Leipzig, Germany'),
      fact('Good to know', 'E27, at most 40 W, LED bulb 4 W included, energy class E'),
    ],
    skuPrefix: 'LA',
    priceMinor: 11900,
    originalPriceMinor: 13900,
    draw: drawLamp,
    options: {
      Colour: [
        { name: 'Natural', code: 'NAT', colour: '#d9c8a6' },
        { name: 'Clay', code: 'CLAY', colour: '#c38468' },
      ],
    },
    stock: { default: 22, 'LA-CLAY': 0 },
    detail: { x: 220, y: 180, width: 360, height: 450 },
  },
];

export const RANGE: readonly ShopProduct[] = [...textiles, ...table, ...kitchen, ...living].map(productFromSheet);
