import {
  createSequence,
  type Drawing,
  darker,
  flatGradient,
  groundShadow,
  lighter,
  linenPattern,
  roundGradient,
  speckles,
} from './canvas.ts';

/** A bottle-shaped vase with a eucalyptus stem. */
export function drawVase(colour: string, label: string): Drawing {
  const outline =
    'M362 420C366 480 344 506 300 542C244 590 226 640 232 700C240 770 290 812 400 812S560 770 568 700C574 640 556 590 500 542C456 506 434 480 438 420Z';
  const leaf = (x: number, y: number, turn: number, scale: number, shade: string) =>
    `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${scale})"><path d="M0 0C18 -30 62 -40 92 -14C70 22 26 26 0 0Z" fill="${shade}"/><path d="M0 0C30 -8 60 -12 92 -14" fill="none" stroke="#51654d" stroke-width="2.5" opacity=".6"/></g>`;
  const leaves: string[] = [];
  const greens = ['#8fa184', '#7b9072', '#a3b298'];
  const stem = [
    [404, 330],
    [412, 280],
    [426, 232],
    [444, 186],
    [466, 146],
  ] as const;
  stem.forEach(([x, y], index) => {
    const scale = 1.12 - index * 0.13;
    leaves.push(
      leaf(x, y, -22 - index * 4, scale, greens[index % 3] as string),
      leaf(x, y, 200 - index * 6, scale, greens[(index + 1) % 3] as string),
    );
  });
  leaves.push(
    leaf(474, 124, -64, 0.62, '#a3b298'),
    leaf(366, 250, 214, 0.9, '#7b9072'),
    leaf(346, 214, -112, 0.8, '#8fa184'),
    leaf(330, 170, 234, 0.7, '#a3b298'),
    leaf(326, 166, -78, 0.64, '#8fa184'),
  );
  return {
    backdrop: '#e8dfd3',
    label,
    defs: `${roundGradient('glaze', colour)}<clipPath id="vase"><path d="${outline}"/></clipPath>`,
    body: `${groundShadow(420, 814, 260, 42)}<path d="M398 440C400 360 410 260 474 124M396 400C384 320 366 240 326 166" fill="none" stroke="#6b5a41" stroke-width="7" stroke-linecap="round"/>${leaves.join('')}<path d="${outline}" fill="url(#glaze)"/><g clip-path="url(#vase)">${speckles(53, 200, { x: 226, y: 420, width: 350, height: 400 }, darker(colour, 0.6))}<path d="M226 690q174 40 348 0M230 706q170 40 340 0" fill="none" stroke="${darker(colour, 0.4)}" stroke-width="3" opacity=".28"/><path d="M382 440C384 500 366 522 328 556C282 598 266 636 268 690" fill="none" stroke="#fff" stroke-width="18" stroke-linecap="round" opacity=".32"/></g><ellipse cx="400" cy="420" rx="38" ry="10" fill="${darker(colour, 0.55)}"/><ellipse cx="400" cy="419" rx="38" ry="10" fill="none" stroke="${lighter(colour, 0.35)}" stroke-width="5"/>`,
  };
}

/** A candle in a tinted glass with a paper label. */
export function drawCandle(colour: string, label: string): Drawing {
  return {
    backdrop: '#e3dacd',
    label,
    defs: `<linearGradient id="glass"><stop offset="0" stop-color="${darker(colour, 0.32)}"/><stop offset=".16" stop-color="${lighter(colour, 0.26)}"/><stop offset=".5" stop-color="${colour}"/><stop offset="1" stop-color="${darker(colour, 0.36)}"/></linearGradient><radialGradient id="glow"><stop offset="0" stop-color="#ffdf9a" stop-opacity=".85"/><stop offset="1" stop-color="#ffdf9a" stop-opacity="0"/></radialGradient><linearGradient id="flame" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#ffb24a"/><stop offset=".6" stop-color="#ffe9ad"/><stop offset="1" stop-color="#fff7e2"/></linearGradient>`,
    body: `${groundShadow(410, 806, 290, 46)}<circle cx="400" cy="330" r="240" fill="url(#glow)" opacity=".7"/>
<path d="M206 420V740C206 786 250 808 400 808S594 786 594 740V420Z" fill="url(#glass)"/><ellipse cx="400" cy="420" rx="194" ry="50" fill="${darker(colour, 0.34)}"/><ellipse cx="400" cy="440" rx="180" ry="42" fill="#f3e7cf"/><ellipse cx="400" cy="438" rx="104" ry="23" fill="#fff4d8"/><path d="M206 420A194 50 0 0 0 594 420" fill="none" stroke="${lighter(colour, 0.45)}" stroke-width="6" opacity=".8"/><path d="M206 420A194 50 0 0 1 594 420" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="4"/>
<path d="M400 440V392" stroke="#3a2c22" stroke-width="7" stroke-linecap="round"/><path d="M400 282C430 326 440 352 428 378C420 396 380 396 372 378C360 352 372 326 400 282Z" fill="url(#flame)"/>
<path d="M290 566Q400 584 510 566V706Q400 724 290 706Z" fill="#f6efe2"/><path d="M304 580Q400 596 496 580V694Q400 710 304 694Z" fill="none" stroke="#8a7a63" stroke-width="2"/><path d="M346 624q54 9 108 0M362 648q38 6 76 0" fill="none" stroke="#3d342a" stroke-width="7" stroke-linecap="round"/><path d="M378 674q22 4 44 0" fill="none" stroke="#8a7a63" stroke-width="4" stroke-linecap="round"/><path d="M246 480V740" stroke="#fff" stroke-width="16" stroke-linecap="round" opacity=".34"/>`,
  };
}

/** A brass chamberstick with a taper. */
export function drawHolder(colour: string, label: string): Drawing {
  return {
    backdrop: '#d9dcd6',
    label,
    defs: `<linearGradient id="brass"><stop offset="0" stop-color="${darker(colour, 0.42)}"/><stop offset=".2" stop-color="${lighter(colour, 0.55)}"/><stop offset=".45" stop-color="${colour}"/><stop offset=".8" stop-color="${darker(colour, 0.36)}"/><stop offset="1" stop-color="${darker(colour, 0.1)}"/></linearGradient>${roundGradient('wax', '#efe3cb')}<linearGradient id="flame" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#ffb24a"/><stop offset=".6" stop-color="#ffe9ad"/><stop offset="1" stop-color="#fff7e2"/></linearGradient><radialGradient id="glow"><stop offset="0" stop-color="#ffe1a4" stop-opacity=".9"/><stop offset="1" stop-color="#ffe1a4" stop-opacity="0"/></radialGradient>`,
    body: `${groundShadow(410, 806, 320, 44)}<circle cx="400" cy="150" r="130" fill="url(#glow)" opacity=".8"/><path d="M400 98C420 130 426 148 418 166C412 178 388 178 382 166C374 148 382 130 400 98Z" fill="url(#flame)"/><path d="M400 196V168" stroke="#3a2c22" stroke-width="5"/><path d="M374 208Q400 184 426 208L436 612H364Z" fill="url(#wax)"/><path d="M376 210q-6 60 4 92q8 12 12-10" fill="#f6ecd8"/>
<path d="M602 742C690 700 716 770 672 796C648 808 620 800 604 784" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="22"/><path d="M602 738C686 698 706 764 668 788" fill="none" stroke="${lighter(colour, 0.3)}" stroke-width="8" stroke-linecap="round"/>
<path d="M346 596H454V614C440 630 440 700 462 736H338C360 700 360 630 346 614Z" fill="url(#brass)"/><ellipse cx="400" cy="598" rx="62" ry="14" fill="${lighter(colour, 0.2)}"/><ellipse cx="400" cy="597" rx="40" ry="8" fill="${darker(colour, 0.6)}"/><path d="M158 738Q400 706 642 738C636 780 560 808 400 808S164 780 158 738Z" fill="url(#brass)"/><ellipse cx="400" cy="738" rx="242" ry="30" fill="${darker(colour, 0.3)}"/><ellipse cx="400" cy="744" rx="226" ry="24" fill="${colour}"/><path d="M336 742Q340 722 356 716H444Q460 722 464 742Q400 760 336 742Z" fill="url(#brass)"/><path d="M190 744A226 24 0 0 1 330 722" fill="none" stroke="#fff3cf" stroke-width="6" stroke-linecap="round" opacity=".8"/>`,
  };
}

/** A seagrass basket with two handles. */
export function drawBasket(colour: string, label: string): Drawing {
  const outline = 'M150 426L196 752C202 790 230 806 280 806H520C570 806 598 790 604 752L650 426Z';
  const next = createSequence(67);
  const weave: string[] = [];
  for (let row = 0; row < 13; row += 1) {
    const y = 428 + row * 30;
    for (let column = -1; column < 16; column += 1) {
      const x = 140 + column * 36 + (row % 2) * 18;
      const shade = next() > 0.5 ? lighter(colour, 0.1 + next() * 0.16) : darker(colour, next() * 0.14);
      weave.push(`<rect x="${x}" y="${y}" width="32" height="27" rx="12" fill="${shade}"/>`);
    }
  }
  return {
    backdrop: '#e5ded2',
    label,
    defs: `${flatGradient('grass', colour)}<clipPath id="basket"><path d="${outline}"/></clipPath><linearGradient id="round"><stop offset="0" stop-color="#000" stop-opacity=".26"/><stop offset=".2" stop-color="#fff" stop-opacity=".16"/><stop offset=".5" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".36"/></linearGradient>${linenPattern('weave', '#cfc3ae')}`,
    body: `${groundShadow(410, 806, 320, 46)}<path d="M252 430C250 300 300 262 330 262S408 300 408 420M392 420C392 300 440 262 470 262S550 300 548 430" fill="none" stroke="${darker(colour, 0.34)}" stroke-width="22"/><ellipse cx="400" cy="428" rx="250" ry="54" fill="${darker(colour, 0.55)}"/><path d="M196 424C220 352 310 372 340 360C400 336 470 352 500 372C560 380 590 396 604 426Q400 500 196 424Z" fill="#d6cab6"/><path d="M196 424C220 352 310 372 340 360C400 336 470 352 500 372C560 380 590 396 604 426Q400 500 196 424Z" fill="url(#weave)"/><path d="M330 366C350 400 340 430 330 456M500 374C480 400 490 430 500 452" fill="none" stroke="#8f836e" stroke-width="6" opacity=".5"/>
<path d="M150 426A250 54 0 0 0 650 426L604 752C598 790 570 806 520 806H280C230 806 202 790 196 752Z" fill="${darker(colour, 0.32)}"/><g clip-path="url(#basket)"><path d="M150 426A250 54 0 0 0 650 426V826H150Z" fill="${darker(colour, 0.36)}"/><g>${weave.join('')}</g><path d="M140 400A260 74 0 0 0 660 400V418A250 60 0 0 1 150 418Z" fill="none"/><rect x="140" y="400" width="520" height="420" fill="url(#round)"/></g>
<path d="M150 428A250 54 0 0 0 650 428" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="27"/><path d="M150 424A250 54 0 0 0 650 424" fill="none" stroke="${lighter(colour, 0.2)}" stroke-width="19"/><path d="M150 424A250 54 0 0 0 650 424" fill="none" stroke="${darker(colour, 0.4)}" stroke-width="19" stroke-dasharray="3 15" opacity=".6"/><path d="M262 470C256 380 300 330 326 330M538 470C544 380 500 330 474 330" fill="none" stroke="none"/>`,
  };
}

/** A lamp with a linen shade on a turned oak foot. */
export function drawLamp(colour: string, label: string): Drawing {
  const oak = '#c49a66';
  const shade = 'M268 190H532L630 490Q400 530 170 490Z';
  return {
    backdrop: '#dfd6c8',
    label,
    defs: `${roundGradient('oak', oak)}${linenPattern('weave', colour)}<clipPath id="shade"><path d="${shade}"/></clipPath><linearGradient id="lit" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${lighter(colour, 0.2)}"/><stop offset=".55" stop-color="${lighter(colour, 0.52)}"/><stop offset="1" stop-color="${lighter(colour, 0.3)}"/></linearGradient><linearGradient id="edge"><stop offset="0" stop-color="#000" stop-opacity=".2"/><stop offset=".25" stop-color="#fff" stop-opacity=".1"/><stop offset=".6" stop-color="#fff" stop-opacity=".16"/><stop offset="1" stop-color="#000" stop-opacity=".24"/></linearGradient><radialGradient id="glow"><stop offset="0" stop-color="#ffeec6" stop-opacity=".95"/><stop offset="1" stop-color="#ffeec6" stop-opacity="0"/></radialGradient>`,
    body: `<circle cx="400" cy="430" r="390" fill="url(#glow)" opacity=".75"/>${groundShadow(415, 836, 230, 36)}<path d="M560 836q90 6 150 40" fill="none" stroke="#4a3a2a" stroke-width="6" stroke-linecap="round" opacity=".65"/><rect x="390" y="486" width="20" height="70" fill="#b8934f"/><path d="M382 540C366 560 352 576 356 600C360 626 384 634 386 660C388 700 316 706 300 760C294 786 290 806 290 826Q400 850 510 826C510 806 506 786 500 760C484 706 412 700 414 660C416 634 440 626 444 600C448 576 434 560 418 540Z" fill="url(#oak)"/><path d="M358 592q42 10 84 0M340 716q60 14 120 0M296 786q104 22 208 0" fill="none" stroke="${darker(oak, 0.45)}" stroke-width="4" opacity=".45"/><path d="M374 584C378 620 400 640 398 668M326 770C322 784 318 800 318 816" fill="none" stroke="#fff" stroke-width="8" stroke-linecap="round" opacity=".35"/>
<path d="${shade}" fill="url(#lit)"/><g clip-path="url(#shade)"><rect x="160" y="180" width="480" height="350" fill="url(#weave)"/><rect x="160" y="180" width="480" height="350" fill="url(#edge)"/><ellipse cx="400" cy="440" rx="160" ry="110" fill="url(#glow)" opacity=".85"/></g><path d="M170 490Q400 530 630 490" fill="none" stroke="${darker(colour, 0.24)}" stroke-width="8"/><path d="M268 190Q400 206 532 190" fill="none" stroke="${darker(colour, 0.2)}" stroke-width="6"/>`,
  };
}
