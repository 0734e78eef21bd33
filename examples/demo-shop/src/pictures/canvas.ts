// The studio all product pictures are drawn in: one canvas (4:5), one light (from the upper left), one soft
// shadow under the object, one set of materials (linen, knit, speckled stoneware, oak ...). Pictures are plain
// SVG text made at request time; nothing here is random: the same product looks the same every time.

export const CANVAS_WIDTH = 800;
export const CANVAS_HEIGHT = 1000;

/** Mixes two `#rrggbb` colours; `ratio` 0 gives the first, 1 the second. */
export function mix(from: string, to: string, ratio: number): string {
  const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  const blended = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - ratio) + channel(to, at) * ratio));
  return `#${blended.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

export const lighter = (colour: string, ratio: number) => mix(colour, '#fffaf2', ratio);
export const darker = (colour: string, ratio: number) => mix(colour, '#1f1712', ratio);

/** A repeatable sequence of numbers in [0, 1) (mulberry32), for speckles, grain and leaves. */
export function createSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Left-lit round body: light edge, base, shaded right side. */
export function roundGradient(id: string, colour: string): string {
  return `<linearGradient id="${id}" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="${darker(colour, 0.1)}"/><stop offset=".18" stop-color="${lighter(colour, 0.22)}"/><stop offset=".5" stop-color="${colour}"/><stop offset="1" stop-color="${darker(colour, 0.3)}"/></linearGradient>`;
}

/** Flat lit surface: a little lighter at the upper left. */
export function flatGradient(id: string, colour: string): string {
  return `<linearGradient id="${id}" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="${lighter(colour, 0.16)}"/><stop offset=".55" stop-color="${colour}"/><stop offset="1" stop-color="${darker(colour, 0.14)}"/></linearGradient>`;
}

export function linenPattern(id: string, colour: string): string {
  const dark = darker(colour, 0.3);
  const light = lighter(colour, 0.5);
  return `<pattern id="${id}" width="9" height="9" patternUnits="userSpaceOnUse"><path d="M0 2.2h9M0 6.8h9" stroke="${dark}" stroke-width="1" opacity=".22"/><path d="M2.2 0v9M6.8 0v9" stroke="${light}" stroke-width="1" opacity=".3"/></pattern>`;
}

export function knitPattern(id: string, colour: string): string {
  const dark = darker(colour, 0.38);
  return `<pattern id="${id}" width="14" height="12" patternUnits="userSpaceOnUse"><path d="M0 1l7 8 7-8" fill="none" stroke="${dark}" stroke-width="2" opacity=".32" stroke-linejoin="round"/><path d="M0 -3l7 8 7-8" fill="none" stroke="${lighter(colour, 0.4)}" stroke-width="1.5" opacity=".35"/></pattern>`;
}

export function wafflePattern(id: string, colour: string): string {
  return `<pattern id="${id}" width="22" height="22" patternUnits="userSpaceOnUse"><rect width="22" height="22" fill="${darker(colour, 0.09)}"/><path d="M0 22L5 17V5L0 0" fill="${darker(colour, 0.2)}" opacity=".55"/><path d="M0 0l5 5h12l5-5" fill="${darker(colour, 0.26)}" opacity=".5"/><path d="M22 0l-5 5v12l5 5" fill="${lighter(colour, 0.5)}" opacity=".7"/><path d="M22 22l-5-5H5l-5 5" fill="${lighter(colour, 0.5)}" opacity=".6"/></pattern>`;
}

/** Small dots of iron in a stoneware glaze, to be clipped to the body. */
export function speckles(
  seed: number,
  count: number,
  area: { x: number; y: number; width: number; height: number },
  colour: string,
): string {
  const next = createSequence(seed);
  const dots: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const x = (area.x + next() * area.width).toFixed(0);
    const y = (area.y + next() * area.height).toFixed(0);
    dots.push(`<circle cx="${x}" cy="${y}" r="${(0.8 + next() * next() * 2.8).toFixed(1)}"/>`);
  }
  return `<g fill="${colour}" opacity=".5">${dots.join('')}</g>`;
}

/** Long, slightly wavering lines of wood grain running down a board. */
export function grain(seed: number, count: number, area: { x: number; y: number; width: number; height: number }, colour: string): string {
  const next = createSequence(seed);
  const lines: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const x = area.x + ((index + next() * 0.8) / count) * area.width;
    const bend = (next() - 0.5) * 26;
    const third = area.height / 3;
    lines.push(
      `<path d="M${x.toFixed(0)} ${area.y}c${bend.toFixed(0)} ${third.toFixed(0)} ${(-bend).toFixed(0)} ${(third * 2).toFixed(0)} ${(bend / 3).toFixed(0)} ${area.height}" stroke-width="${(1 + next() * 2.6).toFixed(1)}" opacity="${(0.12 + next() * 0.22).toFixed(2)}"/>`,
    );
  }
  return `<g fill="none" stroke="${colour}">${lines.join('')}</g>`;
}

/** Soft shadow on the ground under an object. */
export function groundShadow(cx: number, cy: number, rx: number, ry: number, opacity = 0.34): string {
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="url(#ground-shadow)" opacity="${opacity}"/>`;
}

export type Drawing = { backdrop: string; label: string; defs?: string; body: string };
export type Crop = { x: number; y: number; width: number; height: number };

/** Puts a drawing on its backdrop. `crop` shows a part of it, larger: the detail picture. */
export function renderPicture(drawing: Drawing, crop?: Crop): string {
  const view = crop ?? { x: 0, y: 0, width: CANVAS_WIDTH, height: CANVAS_HEIGHT };
  const wall = drawing.backdrop;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view.x} ${view.y} ${view.width} ${view.height}" width="${CANVAS_WIDTH}" height="${CANVAS_HEIGHT}" role="img"><title>${drawing.label}</title><defs><linearGradient id="wall" x1="0" x2=".35" y1="0" y2="1"><stop offset="0" stop-color="${lighter(wall, 0.38)}"/><stop offset=".62" stop-color="${wall}"/><stop offset="1" stop-color="${darker(wall, 0.07)}"/></linearGradient><radialGradient id="ground-shadow"><stop offset="0" stop-color="#2a1d12"/><stop offset=".55" stop-color="#2a1d12" stop-opacity=".45"/><stop offset="1" stop-color="#2a1d12" stop-opacity="0"/></radialGradient>${drawing.defs ?? ''}</defs><rect width="${CANVAS_WIDTH}" height="${CANVAS_HEIGHT}" fill="url(#wall)"/>${drawing.body}</svg>`;
}
