// One still of the demo picture as SVG: the product's own picture in a frame on a warm wall, its name above; or the
// brand and the show's title. Drawn once per product by ffmpeg's SVG reader (stills.ffmpeg.ts), never per frame.
import { STILL } from './canvas-size.ts';

export type Scene = { title: string; subtitle: string; brand: string; pictureSvg: string | null };

const SERIF = "'Iowan Old Style', Palatino, 'Liberation Serif', 'DejaVu Serif', serif";
const SANS = "'Helvetica Neue', 'Liberation Sans', 'DejaVu Sans', sans-serif";

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The picture's own `<svg>` placed and clipped as a card; its size attributes give way to ours. */
function placePicture(svg: string, x: number, y: number, width: number, height: number): string {
  const body = svg.slice(Math.max(0, svg.indexOf('<svg'))).replace(/<svg([^>]*)>/, (_, attributes: string) => {
    const kept = attributes.replaceAll(/\s(width|height|x|y)="[^"]*"/g, '');
    return `<svg${kept} x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="xMidYMid slice">`;
  });
  return `<g clip-path="url(#scene-card)">${body}</g>`;
}

export function sceneSvg(scene: Scene): string {
  const { width, height } = STILL;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<defs><linearGradient id="scene-wall" x1="0" y1="0" x2="0.3" y2="1"><stop offset="0" stop-color="#efe7da"/><stop offset="0.7" stop-color="#ddd0bd"/><stop offset="1" stop-color="#c3b39c"/></linearGradient><clipPath id="scene-card"><rect ${CARD_SHAPE}/></clipPath></defs>
<rect width="${width}" height="${height}" fill="url(#scene-wall)"/><circle cx="640" cy="120" r="420" fill="#fff7e6" opacity="0.25"/><circle cx="640" cy="120" r="260" fill="#fff7e6" opacity="0.25"/>
${scene.pictureSvg === null ? titleCard(scene) : productCard(scene, scene.pictureSvg)}</svg>`;
}

// On a phone the upper and lower parts lie under the plug-in's controls, chat and card, and a tall screen cuts a tenth
// off each side: what matters is between.
const CARD = { x: 104, y: 268, width: STILL.width - 208, height: 700 } as const;
const CARD_SHAPE = `x="${CARD.x}" y="${CARD.y}" width="${CARD.width}" height="${CARD.height}" rx="14"`;
const INK = '#2b2621';
const SOFT_INK = '#5d5245';

function productCard({ title, subtitle }: Scene, pictureSvg: string): string {
  return `<rect x="${CARD.x + 4}" y="${CARD.y + 14}" width="${CARD.width}" height="${CARD.height}" rx="14" fill="#3c2d1c" opacity="0.16"/><rect ${CARD_SHAPE} fill="#e8dfd1"/>${placePicture(pictureSvg, CARD.x, CARD.y, CARD.width, CARD.height)}
<text x="${CARD.x + 2}" y="206" font-family="${SERIF}" font-size="48" fill="${INK}">${escapeXml(title)}</text><text x="${CARD.x + 2}" y="242" font-family="${SANS}" font-size="22" fill="${SOFT_INK}">${escapeXml(subtitle)}</text>`;
}

function titleCard({ brand, title, subtitle }: Scene): string {
  const middle = STILL.width / 2;
  return `<text x="${middle}" y="520" text-anchor="middle" font-family="${SERIF}" font-size="84" letter-spacing="9" fill="${INK}">${escapeXml(brand.toLowerCase())}</text><rect x="${middle - 36}" y="572" width="72" height="2" fill="${SOFT_INK}" opacity="0.5"/>
<text x="${middle}" y="648" text-anchor="middle" font-family="${SERIF}" font-size="42" fill="${INK}">${escapeXml(title)}</text><text x="${middle}" y="698" text-anchor="middle" font-family="${SANS}" font-size="25" fill="${SOFT_INK}">${escapeXml(subtitle)}</text>`;
}

/** The characters of the clock in one row, white on black, each in a cell of `cellWidth`. */
export const CLOCK_CHARACTERS = '0123456789:';
export const CLOCK_CELL = { width: 22, height: 36 } as const;

export function clockSheetSvg(): string {
  const { width, height } = CLOCK_CELL;
  const cells = [...CLOCK_CHARACTERS].map(
    (character, index) =>
      `<text x="${index * width + width / 2}" y="28" text-anchor="middle" font-family="${SANS}" font-size="30" fill="#fff">${character}</text>`,
  );
  const full = width * CLOCK_CHARACTERS.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full} ${height}" width="${full}" height="${height}"><rect width="${full}" height="${height}" fill="#000"/>${cells.join('')}</svg>`;
}
