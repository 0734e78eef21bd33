// The four corners a small window can live in.
import type { Corner } from '../loader/resume-record.ts';

export type CornerBox = { readonly centreX: number; readonly centreY: number; readonly widthPx: number; readonly heightPx: number };

export function cornerNearest({ centreX, centreY, widthPx, heightPx }: CornerBox): Corner {
  return `${centreY < heightPx / 2 ? 'top' : 'bottom'}-${centreX < widthPx / 2 ? 'left' : 'right'}`;
}

/** Where an arrow key takes it; null for other keys and where it is there already. */
export function cornerByKey(corner: Corner, key: string): Corner | null {
  const [vertical, horizontal] = corner.split('-') as ['top' | 'bottom', 'left' | 'right'];
  const next: Partial<Record<string, Corner>> = {
    ArrowUp: `top-${horizontal}`,
    ArrowDown: `bottom-${horizontal}`,
    ArrowLeft: `${vertical}-left`,
    ArrowRight: `${vertical}-right`,
  };
  const target = next[key] ?? null;
  return target === corner ? null : target;
}
