// One still of the demo picture as SVG: the product's own picture in a frame on a warm wall, the brand above, its name
// below. Drawn once per product by ffmpeg's SVG reader (stills.ffmpeg.ts), never per frame.
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

export function sceneSvg({ title, subtitle, brand, pictureSvg }: Scene): string {
  const { width, height } = STILL;
  const card = { x: 74, y: 204, width: width - 148, height: 776 };
  const shape = `x="${card.x}" y="${card.y}" width="${card.width}" height="${card.height}" rx="14"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<defs><linearGradient id="scene-wall" x1="0" y1="0" x2="0.3" y2="1"><stop offset="0" stop-color="#efe7da"/><stop offset="0.7" stop-color="#ddd0bd"/><stop offset="1" stop-color="#c3b39c"/></linearGradient><clipPath id="scene-card"><rect ${shape}/></clipPath></defs>
<rect width="${width}" height="${height}" fill="url(#scene-wall)"/><circle cx="640" cy="120" r="420" fill="#fff7e6" opacity="0.25"/><circle cx="640" cy="120" r="260" fill="#fff7e6" opacity="0.25"/>
<rect x="${card.x + 4}" y="${card.y + 14}" width="${card.width}" height="${card.height}" rx="14" fill="#3c2d1c" opacity="0.16"/><rect ${shape} fill="#e8dfd1"/>
${pictureSvg ? placePicture(pictureSvg, card.x, card.y, card.width, card.height) : ''}
<text x="${width / 2}" y="132" text-anchor="middle" font-family="${SERIF}" font-size="46" letter-spacing="5" fill="#2b2621">${escapeXml(brand.toLowerCase())}</text>
<text x="${width / 2}" y="1064" text-anchor="middle" font-family="${SERIF}" font-size="56" fill="#2b2621">${escapeXml(title)}</text>
<text x="${width / 2}" y="1112" text-anchor="middle" font-family="${SANS}" font-size="25" fill="#5d5245">${escapeXml(subtitle)}</text></svg>`;
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
