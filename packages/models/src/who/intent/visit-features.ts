// A visit as hashed features for the online model: no table of names is kept, so a new field or level needs no retraining
// from scratch, and a field a visit lacks costs nothing.
//
// A number lights the two nearest marks of a logarithmic ruler (..., -2, -1, 0, 1, 2, 4, ...) with linear weights, so the model
// learns a curve, and another unit of the field only shifts the marks. A category lights one feature. Missing lights its own.
import type { Cell } from './feature-bins.ts';

export type Visit = Readonly<Record<string, Cell>>;
export type HashedFeatures = { readonly slots: Uint32Array; readonly values: Float64Array };

/** Hashes the fields of a visit into `2 ** bits` slots. Order of fields does not matter; equal slots simply add up. */
export function hashVisit(visit: Visit, bits: number): HashedFeatures {
  const slots: number[] = [];
  const values: number[] = [];
  const mask = 2 ** bits - 1;
  const light = (name: string, value: number) => {
    slots.push(hashText(name) & mask);
    values.push(value);
  };
  light('', 1);
  for (const name of Object.keys(visit).sort()) {
    const cell = visit[name] as Cell;
    if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) light(`${name}?`, 1);
    else if (typeof cell === 'string') light(`${name}=${cell}`, 1);
    else if (cell === 0) light(`${name}#0`, 1);
    else {
      const octave = Math.log2(Math.abs(cell));
      const mark = Math.floor(octave);
      const sign = cell < 0 ? '-' : '+';
      light(`${name}#${sign}${mark}`, 1 - (octave - mark));
      light(`${name}#${sign}${mark + 1}`, octave - mark);
    }
  }
  return { slots: Uint32Array.from(slots), values: Float64Array.from(values) };
}

/** FNV-1a over UTF-16 units, with the final mix of MurmurHash3 so that the low bits are good. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
