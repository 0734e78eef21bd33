import {
  createSequence,
  type Drawing,
  darker,
  flatGradient,
  groundShadow,
  knitPattern,
  lighter,
  linenPattern,
  wafflePattern,
} from './canvas.ts';

/** A throw over an oak rail: front panel, a longer back panel, woven stripes, twisted fringe. */
export function drawThrow(colour: string, label: string): Drawing {
  const next = createSequence(7);
  const fringe = (left: number, right: number, top: number, shade: string) => {
    const threads: string[] = [];
    for (let x = left; x <= right; x += 13) {
      const sway = (next() - 0.5) * 10;
      threads.push(`<path d="M${x} ${top - 3}q${sway.toFixed(0)} 26 ${(sway / 2).toFixed(0)} ${(50 + next() * 9).toFixed(0)}"/>`);
    }
    return `<g fill="none" stroke="${shade}" stroke-width="5.5" stroke-linecap="round">${threads.join('')}</g>`;
  };
  const front = 'M214 196C300 186 500 186 586 196C592 380 582 560 592 742C470 752 330 752 208 742C218 560 206 380 214 196Z';
  const stripes = [640, 668, 684].map((y, index) => `<path d="M200 ${y}q200 10 400 0v${index === 0 ? 16 : 6}q-200 10-400 0z"/>`).join('');
  return {
    backdrop: '#e6ddcf',
    label,
    defs: `${flatGradient('cloth', colour)}${linenPattern('weave', colour)}<clipPath id="front"><path d="${front}"/></clipPath><linearGradient id="folds"><stop offset="0" stop-color="#000" stop-opacity=".16"/><stop offset=".1" stop-color="#fff" stop-opacity=".14"/><stop offset=".26" stop-color="#000" stop-opacity=".13"/><stop offset=".36" stop-color="#fff" stop-opacity=".12"/><stop offset=".58" stop-color="#000" stop-opacity=".06"/><stop offset=".7" stop-color="#fff" stop-opacity=".12"/><stop offset=".82" stop-color="#000" stop-opacity=".15"/><stop offset=".93" stop-color="#fff" stop-opacity=".06"/><stop offset="1" stop-color="#000" stop-opacity=".2"/></linearGradient><linearGradient id="rail" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#e0bd8d"/><stop offset="1" stop-color="#a97f4f"/></linearGradient>`,
    body: `<path d="M250 250c-40 200 0 420-22 590q190 16 380 0c14-200 0-400-8-590z" fill="#2a1d12" opacity=".1"/>
<path d="M238 210H598C604 400 596 620 602 806Q420 818 240 806Z" fill="${darker(colour, 0.3)}"/>${fringe(246, 600, 808, darker(colour, 0.36))}
<rect x="96" y="172" width="608" height="26" rx="13" fill="url(#rail)"/><circle cx="92" cy="185" r="22" fill="#c79c67"/><circle cx="708" cy="185" r="22" fill="#a97f4f"/>
${fringe(216, 588, 744, darker(colour, 0.12))}
<path d="${front}" fill="url(#cloth)"/><g clip-path="url(#front)"><rect x="190" y="170" width="420" height="600" fill="url(#weave)"/><g fill="${lighter(colour, 0.62)}" opacity=".85">${stripes}</g><rect x="190" y="170" width="420" height="600" fill="url(#folds)"/></g>
<path d="M214 197C218 164 250 158 300 158H500C550 158 582 164 586 197C500 187 300 187 214 197Z" fill="${lighter(colour, 0.2)}"/><path d="M214 197C300 187 500 187 586 197" fill="none" stroke="${darker(colour, 0.2)}" stroke-width="2" opacity=".5"/>`,
  };
}

/** A pair of ribbed socks, heel and toe in a lighter yarn. */
export function drawSocks(colour: string, label: string): Drawing {
  const outline =
    'M0 0H150V250C150 300 168 326 214 356L322 428C372 462 366 540 300 548C250 553 196 540 150 508L42 430C8 404 -2 372 -2 330Z';
  const accent = lighter(colour, 0.46);
  const sock = (
    name: string,
    shade: number,
  ) => `<g><path d="${outline}" fill="${darker(colour, shade)}"/><g clip-path="url(#sock)"><rect x="-10" y="-10" width="400" height="580" fill="url(#knit)"/>
<path d="M-10 302C60 300 96 352 88 452L20 470L-20 400Z" fill="${darker(accent, shade)}"/><path d="M284 400C238 430 232 500 262 560H390V400Z" fill="${darker(accent, shade)}"/><path d="M-10 302C60 300 96 352 88 452M284 400C238 430 232 500 262 560" fill="none" stroke="${darker(colour, 0.45)}" stroke-width="3" opacity=".35"/>
<rect x="-10" y="0" width="170" height="92" fill="${darker(colour, shade)}"/><rect x="-10" y="22" width="170" height="10" fill="${darker(accent, shade)}"/><rect x="-10" y="40" width="170" height="10" fill="${darker(accent, shade)}"/>
<path d="M6 0V92M20 0V92M34 0V92M48 0V92M62 0V92M76 0V92M90 0V92M104 0V92M118 0V92M132 0V92M146 0V92" stroke="${darker(colour, 0.4)}" stroke-width="4" opacity=".3"/><path d="M-10 92h170" stroke="${darker(colour, 0.5)}" stroke-width="3" opacity=".4"/>
<rect x="-10" y="-10" width="400" height="580" fill="url(#${name})"/></g></g>`;
  return {
    backdrop: '#dfe0d6',
    label,
    defs: `${knitPattern('knit', colour)}<clipPath id="sock"><path d="${outline}"/></clipPath><linearGradient id="near" x1="0" x2="1" y1="0" y2=".6"><stop offset="0" stop-color="#fff" stop-opacity=".16"/><stop offset=".4" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".2"/></linearGradient><linearGradient id="far"><stop offset="0" stop-color="#000" stop-opacity=".1"/><stop offset="1" stop-color="#000" stop-opacity=".26"/></linearGradient>`,
    body: `${groundShadow(440, 842, 300, 44)}<g transform="translate(330 178) rotate(-4)">${sock('far', 0.14)}</g><g transform="translate(192 256) rotate(3)"><path d="${outline}" fill="#2a1d12" opacity=".16" transform="translate(14 10)"/>${sock('near', 0)}</g>`,
  };
}

/** A filled cushion with soft corners and a piped edge. */
export function drawCushion(colour: string, label: string): Drawing {
  const outline =
    'M150 250C280 282 520 282 650 250C672 238 690 258 678 284C650 410 650 610 680 736C688 762 670 780 646 768C520 738 280 738 154 768C130 780 112 762 120 736C150 610 150 410 122 284C110 258 128 238 150 250Z';
  return {
    backdrop: '#e9e2d6',
    label,
    defs: `${linenPattern('weave', colour)}<clipPath id="cushion"><path d="${outline}"/></clipPath><radialGradient id="puff" cx=".4" cy=".36" r=".75"><stop offset="0" stop-color="${lighter(colour, 0.3)}"/><stop offset=".5" stop-color="${colour}"/><stop offset="1" stop-color="${darker(colour, 0.36)}"/></radialGradient>`,
    body: `${groundShadow(410, 778, 330, 46)}<path d="${outline}" fill="url(#puff)"/><g clip-path="url(#cushion)"><rect x="100" y="230" width="600" height="560" fill="url(#weave)"/><path d="M150 262C210 330 226 380 226 430M650 262C600 320 582 362 574 410M154 756C214 690 236 650 240 606M646 756C590 700 566 668 560 620" fill="none" stroke="${darker(colour, 0.4)}" stroke-width="20" stroke-linecap="round" opacity=".12"/><path d="M300 420C380 396 470 410 520 450" fill="none" stroke="${lighter(colour, 0.6)}" stroke-width="30" stroke-linecap="round" opacity=".14"/></g><path d="${outline}" fill="none" stroke="${darker(colour, 0.26)}" stroke-width="7"/><path d="${outline}" fill="none" stroke="${lighter(colour, 0.4)}" stroke-width="2" opacity=".7"/>`,
  };
}

/** Two folded towels, the hand towel on the bath towel. */
export function drawTowel(colour: string, label: string): Drawing {
  const layer = (x: number, y: number, width: number, height: number) =>
    `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 2.4}" fill="${colour}"/><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 2.4}" fill="url(#waffle)"/><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 2.4}" fill="url(#fold)"/></g>`;
  const bath = [0, 1, 2].map((index) => layer(132 - (index % 2) * 5, 716 - index * 82, 540, 80)).join('');
  const hand = [0, 1, 2].map((index) => layer(186 - (index % 2) * 5, 478 - index * 64, 432, 62)).join('');
  const hem = darker(colour, 0.12);
  return {
    backdrop: '#dbe0dd',
    label,
    defs: `${wafflePattern('waffle', colour)}<linearGradient id="fold" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".34"/><stop offset=".35" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#2a1d12" stop-opacity=".32"/></linearGradient>`,
    body: `${groundShadow(410, 800, 340, 46)}${bath}${hand}<path d="M520 350V542" stroke="${hem}" stroke-width="26"/><path d="M511 350V542M529 350V542" stroke="${lighter(colour, 0.5)}" stroke-width="2" opacity=".8"/><path d="M566 552V796" stroke="${hem}" stroke-width="30"/><path d="M556 552V796M576 552V796" stroke="${lighter(colour, 0.5)}" stroke-width="2" opacity=".8"/>`,
  };
}

/** A bib apron hanging from a peg. */
export function drawApron(colour: string, label: string): Drawing {
  const outline =
    'M296 300H504C506 372 540 430 612 452C618 590 622 720 616 852C480 868 320 868 184 852C178 720 182 590 188 452C260 430 294 372 296 300Z';
  return {
    backdrop: '#e7e0d4',
    label,
    defs: `${flatGradient('cloth', colour)}${linenPattern('weave', colour)}<clipPath id="apron"><path d="${outline}"/></clipPath><linearGradient id="folds"><stop offset="0" stop-color="#000" stop-opacity=".2"/><stop offset=".16" stop-color="#fff" stop-opacity=".1"/><stop offset=".34" stop-color="#000" stop-opacity=".08"/><stop offset=".56" stop-color="#fff" stop-opacity=".08"/><stop offset=".8" stop-color="#000" stop-opacity=".12"/><stop offset=".9" stop-color="#fff" stop-opacity=".08"/><stop offset="1" stop-color="#000" stop-opacity=".2"/></linearGradient>`,
    body: `<path d="M210 470c-10 200-4 300 0 400q210 20 430 0c4-140 0-280-6-400z" fill="#2a1d12" opacity=".1"/>
<path d="M304 306C300 210 360 150 400 128C440 150 500 210 496 306" fill="none" stroke="${darker(colour, 0.22)}" stroke-width="17"/><rect x="390" y="84" width="20" height="56" rx="10" fill="#b98d5a"/><circle cx="400" cy="92" r="24" fill="#cda674"/><circle cx="395" cy="87" r="12" fill="#e0bf92"/>
<path d="M190 462C140 500 128 600 150 700M610 462C664 500 676 610 646 716" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="14" stroke-linecap="round"/>
<path d="${outline}" fill="url(#cloth)"/><g clip-path="url(#apron)"><rect x="160" y="280" width="480" height="600" fill="url(#weave)"/><rect x="160" y="280" width="480" height="600" fill="url(#folds)"/></g>
<path d="M296 326H504" stroke="${lighter(colour, 0.4)}" stroke-width="2.5" stroke-dasharray="9 6" opacity=".75"/><rect x="276" y="588" width="248" height="150" rx="6" fill="${darker(colour, 0.08)}"/><rect x="276" y="588" width="248" height="150" rx="6" fill="url(#weave)"/><path d="M284 596H516V730H284ZM400 596V730M284 614H516" fill="none" stroke="${lighter(colour, 0.4)}" stroke-width="2.5" stroke-dasharray="9 6" opacity=".75"/><rect x="468" y="344" width="26" height="16" fill="#f3ead9"/><circle cx="306" cy="312" r="8" fill="#c9a165"/><circle cx="494" cy="312" r="8" fill="#c9a165"/>`,
  };
}
