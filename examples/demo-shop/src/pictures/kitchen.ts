import { createSequence, type Drawing, darker, flatGradient, grain, groundShadow, lighter, roundGradient } from './canvas.ts';

/** An oak board with a handle and a leather loop, leaning on the wall. */
export function drawBoard(colour: string, label: string): Drawing {
  const outline =
    'M352 196C352 160 370 142 400 142S448 160 448 196V262C448 298 466 316 506 318C560 320 584 340 586 386V742C586 790 566 812 520 814H280C234 812 214 790 214 742V386C216 340 240 320 294 318C334 316 352 298 352 262Z';
  return {
    backdrop: '#e0dcd2',
    label,
    defs: `${flatGradient('oak', colour)}<clipPath id="board"><path d="${outline}"/></clipPath>`,
    body: `${groundShadow(420, 826, 270, 34)}<path d="${outline}" fill="#2a1d12" opacity=".14" transform="translate(26 10)"/><path d="${outline}" fill="${darker(colour, 0.4)}" transform="translate(9 5)"/><path d="${outline}" fill="url(#oak)"/><g clip-path="url(#board)">${grain(5, 26, { x: 206, y: 130, width: 390, height: 700 }, darker(colour, 0.52))}<path d="M330 830C300 700 352 640 330 540C316 470 372 430 376 540C384 640 356 700 372 830" fill="none" stroke="${darker(colour, 0.5)}" stroke-width="3" opacity=".4"/><path d="M346 830C330 720 360 640 346 570C342 530 362 530 360 570C362 640 350 720 358 830" fill="none" stroke="${darker(colour, 0.5)}" stroke-width="3" opacity=".34"/></g><path d="${outline}" fill="none" stroke="${lighter(colour, 0.5)}" stroke-width="3" opacity=".7"/><circle cx="400" cy="202" r="19" fill="#b9ae9c"/><path d="M381 202a19 19 0 0 1 38 0" fill="#6d5537" opacity=".6"/><path d="M400 204C372 150 372 96 400 78C428 96 428 150 400 204Z" fill="none" stroke="#7c4f30" stroke-width="8"/><path d="M240 388C242 356 262 344 296 342" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".4"/>`,
  };
}

/** Spoon, slotted turner and fork in beech. */
export function drawSpoons(colour: string, label: string): Drawing {
  const tool = (x: number, turn: number, head: string, more: string) =>
    `<g transform="translate(${x} 520) rotate(${turn})"><g fill="#2a1d12" opacity=".14" transform="translate(18 12)">${head}<path d="M-15 -90L-11 300Q0 316 11 300L15 -90Z"/></g><path d="M-15 -90L-11 300Q0 316 11 300L15 -90Z" fill="url(#beech)"/><g fill="url(#beech)">${head}</g>${more}<path d="M-6 -70L-4 270" stroke="${lighter(colour, 0.6)}" stroke-width="4" stroke-linecap="round" opacity=".6"/><circle cx="0" cy="284" r="5" fill="${darker(colour, 0.6)}"/></g>`;
  const spoon = '<path d="M0 -352C62 -352 76 -270 66 -196C58 -138 30 -100 0 -84C-30 -100 -58 -138 -66 -196C-76 -270 -62 -352 0 -352Z"/>';
  const turner = '<path d="M-62 -344Q0 -366 62 -344L54 -190Q46 -112 14 -84H-14Q-46 -112 -54 -190Z"/>';
  const fork =
    '<path d="M-58 -344C-58 -358 -40 -358 -38 -344L-34 -244H-12V-350C-12 -364 12 -364 12 -350V-244H34L38 -344C40 -358 58 -358 58 -344L58 -212C56 -140 32 -104 14 -84H-14C-32 -104 -56 -140 -58 -212Z"/>';
  return {
    backdrop: '#dcd8cd',
    label,
    defs: roundGradient('beech', colour),
    body: `${tool(222, -7, spoon, `<path d="M0 -330C44 -330 54 -266 46 -204C40 -156 22 -126 0 -114C-22 -126 -40 -156 -46 -204C-54 -266 -44 -330 0 -330Z" fill="${darker(colour, 0.22)}"/><path d="M-30 -290C-38 -250 -36 -210 -26 -176" fill="none" stroke="${darker(colour, 0.45)}" stroke-width="10" stroke-linecap="round" opacity=".4"/>`)}${tool(400, 1, turner, '<g fill="#a39c8d"><rect x="-36" y="-316" width="14" height="130" rx="7"/><rect x="-7" y="-320" width="14" height="140" rx="7"/><rect x="22" y="-316" width="14" height="130" rx="7"/></g>')}${tool(580, 7, fork, '')}`,
  };
}

/** An enamelled pot with a dark rim. */
export function drawPot(colour: string, label: string): Drawing {
  const rim = '#23303c';
  return {
    backdrop: '#e7dfd2',
    label,
    defs: `${roundGradient('enamel', colour)}<linearGradient id="lid" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="${lighter(colour, 0.4)}"/><stop offset=".5" stop-color="${colour}"/><stop offset="1" stop-color="${darker(colour, 0.32)}"/></linearGradient>`,
    body: `${groundShadow(410, 784, 330, 46)}
<path d="M156 500C92 492 72 520 78 552C84 586 118 596 160 586M644 500C708 492 728 520 722 552C716 586 682 596 640 586" fill="none" stroke="${rim}" stroke-width="30" stroke-linecap="round"/><path d="M156 496C96 490 80 516 86 544M644 496C704 490 720 516 714 544" fill="none" stroke="#5b6c7a" stroke-width="7" stroke-linecap="round"/>
<path d="M150 448L164 724C168 768 190 786 240 786H560C610 786 632 768 636 724L650 448Z" fill="url(#enamel)"/><path d="M196 490L206 720" stroke="#fff" stroke-width="24" stroke-linecap="round" opacity=".42"/><path d="M602 500L594 720" stroke="#000" stroke-width="20" stroke-linecap="round" opacity=".08"/>
<ellipse cx="400" cy="446" rx="260" ry="42" fill="${rim}"/><path d="M152 436C176 352 288 312 400 312S624 352 648 436A248 34 0 0 1 152 436Z" fill="url(#lid)"/><path d="M152 436A248 34 0 0 0 648 436" fill="none" stroke="${rim}" stroke-width="10"/><path d="M222 398C262 360 316 344 372 340" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round" opacity=".55"/>
<path d="M378 316V288H422V316Z" fill="${rim}"/><path d="M346 274C346 240 372 230 400 230S454 240 454 274C454 294 430 298 400 298S346 294 346 274Z" fill="#b98d5a"/><path d="M362 264C366 248 382 242 400 242" fill="none" stroke="#e6c79b" stroke-width="8" stroke-linecap="round"/>`,
  };
}

/** A turned mill with a steel nut. */
export function drawMill(colour: string, label: string): Drawing {
  const outline =
    'M400 232C452 232 486 262 486 312C486 350 462 372 452 388C446 400 452 412 470 420C494 434 492 462 474 476C452 496 446 540 458 600C468 650 500 680 504 730C506 764 504 790 500 812Q400 832 300 812C296 790 294 764 296 730C300 680 332 650 342 600C354 540 348 496 326 476C308 462 306 434 330 420C348 412 354 400 348 388C338 372 314 350 314 312C314 262 348 232 400 232Z';
  return {
    backdrop: '#dedad2',
    label,
    defs: `${roundGradient('wood', colour)}<clipPath id="mill"><path d="${outline}"/></clipPath><linearGradient id="steel"><stop offset="0" stop-color="#7f8386"/><stop offset=".3" stop-color="#f3f3f0"/><stop offset="1" stop-color="#6d7174"/></linearGradient>`,
    body: `${groundShadow(415, 822, 190, 34)}<rect x="386" y="186" width="28" height="52" fill="url(#steel)"/><ellipse cx="400" cy="186" rx="27" ry="20" fill="url(#steel)"/><path d="${outline}" fill="url(#wood)"/><g clip-path="url(#mill)">${grain(17, 18, { x: 290, y: 220, width: 220, height: 620 }, darker(colour, 0.55))}<path d="M300 396h200M300 412h200" stroke="${darker(colour, 0.6)}" stroke-width="4" opacity=".5"/><path d="M290 700q110 22 220 0M290 792q110 20 220 0" fill="none" stroke="${darker(colour, 0.55)}" stroke-width="4" opacity=".4"/><path d="M352 270C342 300 344 330 358 350M356 500C372 560 350 640 334 700C326 730 324 760 326 790" fill="none" stroke="#fff" stroke-width="13" stroke-linecap="round" opacity=".3"/></g>
<g fill="#3a2f2a"><circle cx="560" cy="820" r="11"/><circle cx="596" cy="806" r="10"/><circle cx="604" cy="832" r="11"/><circle cx="640" cy="818" r="9"/><circle cx="578" cy="842" r="10"/></g><g fill="#7a675c"><circle cx="557" cy="816" r="3.4"/><circle cx="593" cy="802" r="3"/><circle cx="601" cy="828" r="3.4"/><circle cx="637" cy="815" r="2.6"/><circle cx="575" cy="838" r="3"/></g>`,
  };
}

/** A glass jar of oats with an oak lid. */
export function drawJar(colour: string, label: string): Drawing {
  const next = createSequence(41);
  const flakes: string[] = [];
  for (let index = 0; index < 420; index += 1) {
    const x = 226 + next() * 348;
    const y = 470 + next() * 318;
    const shade = ['#e7d2a8', '#d9bd88', '#c8a86f', '#efdfbd'][Math.floor(next() * 4)];
    flakes.push(
      `<ellipse cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" rx="12" ry="7.5" fill="${shade}" transform="rotate(${(next() * 180).toFixed(0)} ${x.toFixed(0)} ${y.toFixed(0)})"/>`,
    );
  }
  const outline =
    'M232 330H568C584 332 590 350 590 372V748C590 786 570 804 534 804H266C230 804 210 786 210 748V372C210 350 216 332 232 330Z';
  return {
    backdrop: '#dadfda',
    label,
    defs: `${roundGradient('lid', colour)}<clipPath id="jar"><path d="${outline}"/></clipPath><clipPath id="fill"><path d="M226 476Q300 448 400 468T574 462V748C574 778 558 790 530 790H270C242 790 226 778 226 748Z"/></clipPath><linearGradient id="gloss"><stop offset="0" stop-color="#38463f" stop-opacity=".34"/><stop offset=".1" stop-color="#fff" stop-opacity=".2"/><stop offset=".6" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#26322c" stop-opacity=".36"/></linearGradient>`,
    body: `${groundShadow(415, 806, 260, 40)}<path d="${outline}" fill="#eef2ee" fill-opacity=".5"/><g clip-path="url(#fill)"><rect x="220" y="440" width="360" height="370" fill="#c9ab77"/>${flakes.join('')}</g><g clip-path="url(#jar)"><rect x="200" y="320" width="400" height="500" fill="url(#gloss)"/><path d="M252 372V756" stroke="#fff" stroke-width="18" stroke-linecap="round" opacity=".55"/><path d="M556 400V700" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".4"/></g><path d="${outline}" fill="none" stroke="#5b6a62" stroke-width="3" opacity=".55"/>
<rect x="236" y="296" width="328" height="40" fill="#d9ddd8"/><path d="M236 316h328" stroke="#9aa39c" stroke-width="5"/><path d="M206 232Q206 218 222 218H578Q594 218 594 232V298Q594 308 582 308H218Q206 308 206 298Z" fill="url(#lid)"/><path d="M206 246h388M206 268q190 8 388 0M206 288h388" fill="none" stroke="${darker(colour, 0.5)}" stroke-width="2.4" opacity=".28"/><path d="M222 224H578" stroke="${lighter(colour, 0.6)}" stroke-width="6" stroke-linecap="round" opacity=".7"/>`,
  };
}
