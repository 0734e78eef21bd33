import { type Drawing, darker, flatGradient, groundShadow, lighter, linenPattern, roundGradient, speckles } from './canvas.ts';

const CLAY = '#b99a78';

/** A stoneware mug with an unglazed foot. */
export function drawMug(colour: string, label: string): Drawing {
  const outline = 'M196 372C194 500 198 640 222 742C232 778 268 794 380 794C492 794 528 778 538 742C562 640 566 500 564 372Z';
  return {
    backdrop: '#e4dccf',
    label,
    defs: `${roundGradient('glaze', colour)}${roundGradient('clay', CLAY)}<clipPath id="mug"><path d="${outline}"/></clipPath><linearGradient id="inside" x1="0" x2="1"><stop offset="0" stop-color="${darker(colour, 0.5)}"/><stop offset="1" stop-color="${darker(colour, 0.14)}"/></linearGradient>`,
    body: `${groundShadow(420, 794, 310, 48)}
<path d="M548 452C636 430 690 470 686 552C682 644 610 690 532 690" fill="none" stroke="${darker(colour, 0.34)}" stroke-width="46" stroke-linecap="round"/><path d="M548 446C634 424 684 466 680 548C676 636 606 682 532 682" fill="none" stroke="${darker(colour, 0.1)}" stroke-width="38" stroke-linecap="round"/><path d="M556 438C624 424 668 462 668 530" fill="none" stroke="${lighter(colour, 0.5)}" stroke-width="8" stroke-linecap="round" opacity=".6"/>
<path d="${outline}" fill="url(#glaze)"/><g clip-path="url(#mug)">${speckles(11, 210, { x: 190, y: 372, width: 380, height: 340 }, darker(colour, 0.62))}<path d="M180 712q200 34 400-4v110H180z" fill="url(#clay)"/><path d="M180 712q200 34 400-4" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="4" opacity=".5"/><path d="M252 400C246 500 252 600 268 690" fill="none" stroke="#fff" stroke-width="22" stroke-linecap="round" opacity=".26"/></g>
<ellipse cx="380" cy="372" rx="184" ry="47" fill="${lighter(colour, 0.3)}"/><ellipse cx="380" cy="375" rx="171" ry="40" fill="url(#inside)"/><path d="M222 392A171 40 0 0 0 538 392A171 34 0 0 0 222 392Z" fill="#3b2417"/><path d="M250 398A150 26 0 0 1 420 384" fill="none" stroke="#8b5a3a" stroke-width="5" stroke-linecap="round" opacity=".6"/>
<path d="M330 300c-22-34 22-52 0-92M400 290c-22-34 22-56 0-98" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".42"/>`,
  };
}

/** A plate from above, a second one under it. */
export function drawPlate(colour: string, label: string): Drawing {
  return {
    backdrop: '#d9d3c8',
    label,
    defs: `<radialGradient id="well" cx=".42" cy=".4" r=".7"><stop offset="0" stop-color="${lighter(colour, 0.36)}"/><stop offset=".75" stop-color="${colour}"/><stop offset="1" stop-color="${darker(colour, 0.2)}"/></radialGradient>${flatGradient('rim', colour)}<clipPath id="plate"><circle cx="400" cy="500" r="302"/></clipPath>`,
    body: `<circle cx="430" cy="540" r="322" fill="url(#ground-shadow)" opacity=".5"/><circle cx="412" cy="520" r="306" fill="${darker(colour, 0.32)}"/><circle cx="408" cy="514" r="304" fill="${darker(colour, 0.12)}"/><circle cx="400" cy="500" r="302" fill="url(#rim)"/><circle cx="400" cy="500" r="222" fill="${darker(colour, 0.16)}"/><circle cx="403" cy="503" r="217" fill="url(#well)"/><g clip-path="url(#plate)">${speckles(23, 330, { x: 98, y: 198, width: 604, height: 604 }, darker(colour, 0.6))}</g><circle cx="400" cy="500" r="299" fill="none" stroke="${CLAY}" stroke-width="6" opacity=".9"/><path d="M160 380A268 268 0 0 1 330 244" fill="none" stroke="#fff" stroke-width="20" stroke-linecap="round" opacity=".4"/><path d="M236 470A178 178 0 0 1 330 346" fill="none" stroke="#fff" stroke-width="12" stroke-linecap="round" opacity=".32"/>`,
  };
}

/** A wide bowl with lemons. */
export function drawBowl(colour: string, label: string): Drawing {
  const outline = 'M112 470C116 640 230 762 330 778H470C570 762 684 640 688 470Z';
  const lemon = (x: number, y: number, turn: number) =>
    `<g transform="translate(${x} ${y}) rotate(${turn})"><path d="M-92 0C-76 -66 -26 -76 0 -76S76 -66 92 0C104 6 104 14 92 14C70 66 24 76 0 76S-70 66 -92 14C-104 14 -104 6 -92 0Z" fill="url(#lemon)"/><path d="M-48 -34C-30 -52 0 -58 24 -54" fill="none" stroke="#fff6c4" stroke-width="10" stroke-linecap="round" opacity=".7"/></g>`;
  return {
    backdrop: '#dde1da',
    label,
    defs: `${roundGradient('glaze', colour)}${roundGradient('clay', CLAY)}<clipPath id="bowl"><path d="${outline}"/></clipPath><clipPath id="opening"><path d="M112 470A288 66 0 0 0 688 470V180H112Z"/></clipPath><radialGradient id="lemon" cx=".4" cy=".32" r=".8"><stop offset="0" stop-color="#fbe48a"/><stop offset=".6" stop-color="#ecc44a"/><stop offset="1" stop-color="#bb8a22"/></radialGradient>`,
    body: `${groundShadow(410, 792, 270, 40)}<path d="M322 764h156l-10 30q-68 12-136 0z" fill="url(#clay)"/><ellipse cx="400" cy="470" rx="288" ry="66" fill="${darker(colour, 0.42)}"/><g clip-path="url(#opening)">${lemon(300, 452, -12)}${lemon(500, 458, 14)}${lemon(398, 404, 4)}<path d="M462 336c30-46 84-52 118-36-18 44-70 62-118 36z" fill="#6f8259"/><path d="M462 336c36-10 76-20 118-36" fill="none" stroke="#4f6140" stroke-width="3"/></g>
<path d="M112 470A288 66 0 0 0 688 470C684 640 570 762 470 778H330C230 762 116 640 112 470Z" fill="url(#glaze)"/><g clip-path="url(#bowl)"><path d="M112 470A288 66 0 0 0 688 470V470A288 78 0 0 1 112 470Z" fill="${lighter(colour, 0.5)}"/>${speckles(31, 240, { x: 110, y: 520, width: 580, height: 250 }, darker(colour, 0.6))}<path d="M186 560C216 640 262 690 318 722" fill="none" stroke="#fff" stroke-width="20" stroke-linecap="round" opacity=".26"/></g><path d="M112 470A288 66 0 0 0 688 470" fill="none" stroke="${lighter(colour, 0.55)}" stroke-width="9"/>`,
  };
}

/** A blown-glass carafe and its tumbler, half full. */
export function drawCarafe(colour: string, label: string): Drawing {
  const outline =
    'M268 214C270 330 262 380 222 440C186 500 176 600 180 720C182 770 206 796 330 796C454 796 478 770 480 720C484 600 474 500 438 440C398 380 390 330 392 214Z';
  return {
    backdrop: '#d8dcd8',
    label,
    defs: `<clipPath id="glass"><path d="${outline}"/></clipPath><linearGradient id="tint"><stop offset="0" stop-color="${darker(colour, 0.3)}" stop-opacity=".62"/><stop offset=".14" stop-color="${lighter(colour, 0.3)}" stop-opacity=".3"/><stop offset=".7" stop-color="${colour}" stop-opacity=".3"/><stop offset="1" stop-color="${darker(colour, 0.4)}" stop-opacity=".66"/></linearGradient><linearGradient id="water" x1="0" x2="1"><stop offset="0" stop-color="${darker(colour, 0.1)}" stop-opacity=".58"/><stop offset=".4" stop-color="${lighter(colour, 0.4)}" stop-opacity=".46"/><stop offset="1" stop-color="${darker(colour, 0.3)}" stop-opacity=".6"/></linearGradient>`,
    body: `${groundShadow(345, 798, 240, 40)}${groundShadow(600, 798, 150, 28)}
<path d="${outline}" fill="url(#tint)"/><g clip-path="url(#glass)"><path d="M160 556H500V810H160Z" fill="url(#water)"/><ellipse cx="330" cy="556" rx="148" ry="24" fill="${lighter(colour, 0.5)}" opacity=".75"/><path d="M216 500C198 560 196 640 202 740" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round" opacity=".6"/><path d="M290 240C292 320 286 370 260 420" fill="none" stroke="#fff" stroke-width="11" stroke-linecap="round" opacity=".6"/><path d="M446 560C452 620 452 680 448 740" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".4"/><path d="M180 770q150 22 300 0v40H180z" fill="#fff" opacity=".24"/></g><path d="${outline}" fill="none" stroke="${darker(colour, 0.5)}" stroke-width="3" opacity=".5"/><ellipse cx="330" cy="214" rx="64" ry="15" fill="${lighter(colour, 0.3)}" fill-opacity=".5" stroke="${darker(colour, 0.42)}" stroke-width="4" stroke-opacity=".7"/>
<path d="M520 574L536 772Q540 796 600 796T664 772L680 574Z" fill="url(#tint)"/><path d="M528 672L536 772Q540 796 600 796T664 772L672 672Z" fill="url(#water)"/><ellipse cx="600" cy="672" rx="72" ry="13" fill="${lighter(colour, 0.5)}" opacity=".75"/><path d="M520 574L536 772Q540 796 600 796T664 772L680 574" fill="none" stroke="${darker(colour, 0.5)}" stroke-width="3" opacity=".5"/><ellipse cx="600" cy="574" rx="80" ry="16" fill="${lighter(colour, 0.3)}" fill-opacity=".4" stroke="${darker(colour, 0.42)}" stroke-width="4" stroke-opacity=".7"/><path d="M546 610L556 750" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".55"/>`,
  };
}

/** Four folded napkins tied with string. */
export function drawNapkins(colour: string, label: string): Drawing {
  const napkin = (turn: number, shade: number, dx: number, dy: number) =>
    `<g transform="translate(${400 + dx} ${510 + dy}) rotate(${turn})"><rect x="-232" y="-232" width="464" height="464" rx="10" fill="${darker(colour, shade)}"/><rect x="-232" y="-232" width="464" height="464" rx="10" fill="url(#weave)"/><rect x="-214" y="-214" width="428" height="428" fill="none" stroke="${lighter(colour, 0.45)}" stroke-width="2.5" stroke-dasharray="9 6" opacity=".75"/></g>`;
  return {
    backdrop: '#e8e1d3',
    label,
    defs: `${flatGradient('cloth', colour)}${linenPattern('weave', colour)}<linearGradient id="light" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".2"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".16"/></linearGradient>`,
    body: `<rect x="150" y="270" width="540" height="540" rx="40" fill="url(#ground-shadow)" opacity=".34"/>${napkin(-9, 0.34, 20, 22)}${napkin(-5.5, 0.22, 12, 14)}${napkin(-2, 0.12, 6, 6)}${napkin(2, 0, 0, 0)}<g transform="translate(400 510) rotate(2)"><rect x="-232" y="-232" width="464" height="464" rx="10" fill="url(#light)"/><path d="M-232 0H232M0 -232V232" stroke="${darker(colour, 0.4)}" stroke-width="3" opacity=".18"/>
<path d="M-234 26H234M18 -234V234" stroke="#5c4a35" stroke-width="9" opacity=".28"/><path d="M-234 20H234M12 -234V234" stroke="#d9c39a" stroke-width="8"/><path d="M-234 20H234M12 -234V234" stroke="#a88c5c" stroke-width="8" stroke-dasharray="3 7" opacity=".6"/><path d="M12 20C-50 -50 -110 -10 -60 22C-30 40 0 30 12 20C70 -56 130 -14 84 20C54 40 26 30 12 20C-10 66 -40 90 -66 104M12 20C40 60 60 84 92 96" fill="none" stroke="#d9c39a" stroke-width="8" stroke-linecap="round"/><circle cx="12" cy="20" r="13" fill="#c4aa78"/></g>`,
  };
}
