// Icons on a 24 px grid, 1.75 px strokes, drawn for this player. Built as nodes, so that no markup is parsed.

const PATHS = {
  close: ['M6 6l12 12M18 6L6 18'],
  minimise: ['M14 4v6h6M20 4l-6 6M10 20v-6H4M4 20l6-6'],
  restore: ['M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7'],
  soundOn: ['M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4z', 'M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11'],
  soundOff: ['M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4z', 'M16 9.5l5 5M21 9.5l-5 5'],
  startOver: ['M5 5v5h5', 'M5.6 10a7 7 0 1 1-.6 4'],
  play: ['M8 5.5v13l10.5-6.5L8 5.5z'],
  pause: ['M8.5 5.5v13M15.5 5.5v13'],
  pip: ['M4 5.5h16v13H4z', 'M12.5 12h5v4h-5z'],
  heart: [
    'M12 19.5C6.5 15.7 4 12.7 4 9.4 4 6.9 5.9 5 8.2 5c1.6 0 3 .9 3.8 2.3C12.8 5.9 14.2 5 15.8 5 18.1 5 20 6.9 20 9.4c0 3.3-2.5 6.3-8 10.1z',
  ],
  fire: [
    'M12 3.5c.6 3.2 5.5 5.5 5.5 10.3A5.5 5.5 0 0 1 12 19.5a5.5 5.5 0 0 1-5.5-5.7c0-2 1-3.5 2-4.6.2 1.3.9 2 1.7 2.3C10 8.5 10.5 5.5 12 3.5z',
  ],
  clap: [
    'M8 12.5l4.5-4.5a1.4 1.4 0 0 1 2 2M10 14.5l5.5-5.5a1.4 1.4 0 0 1 2 2l-5.8 5.8a4.6 4.6 0 0 1-6.5 0 4.6 4.6 0 0 1-.4-6.1l3-3.7a1.3 1.3 0 0 1 2 1.7M15 3.5v2M19 5l-1.2 1.5M20.5 9h-2',
  ],
  wow: ['M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z', 'M9 9.5v.6M15 9.5v.6', 'M12 17a2 2.4 0 1 0 0-4.8 2 2.4 0 0 0 0 4.8z'],
  share: ['M12 14.5V4M8.5 7L12 3.5 15.5 7M6 11H5v9h14v-9h-1'],
  bag: ['M5.5 8.5h13l1 11.5h-15l1-11.5z', 'M9 11V7a3 3 0 0 1 6 0v4'],
  grid: ['M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z'],
  captions: ['M4 6h16v12H4z', 'M10.5 10.7a1.9 1.9 0 1 0 0 2.6M16.7 10.7a1.9 1.9 0 1 0 0 2.6'],
  send: ['M4.5 12L20 4.5 15.5 20l-4-6.5-7-1.5zM11.5 13.5L20 4.5'],
  chat: ['M5 5h14v10.5H11l-4 3.5v-3.5H5z'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  eye: ['M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z', 'M12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z'],
  down: ['M6 9.5l6 6 6-6'],
  pin: ['M9 4h6l-.7 6 3.2 3.5h-11L9.7 10 9 4zM12 13.5V20'],
  plus: ['M12 5.5v13M5.5 12h13'],
  minus: ['M5.5 12h13'],
  link: ['M13.5 5H19v5.5M19 5l-8.5 8.5M17 14v5H5V7h5'],
} as const;

export type IconName = keyof typeof PATHS;
const SVG = 'http://www.w3.org/2000/svg';

/** `isFilled` for hearts and play marks. Icons are decoration: the button beside them has the words. */
export function icon(name: IconName, isFilled = false): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', isFilled ? 'icon filled' : 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
