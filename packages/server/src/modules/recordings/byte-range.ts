// `Range: bytes=...` (RFC 9110, 14.2) for one range; several, or another unit, are answered with the whole.
export type ByteRange = { readonly startByte: number; readonly endByte: number };

/** Null: send everything. */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | null | 'unsatisfiable' {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return null;
  if (found[1] === '') {
    const lastCount = Number(found[2]);
    if (lastCount === 0 || sizeBytes === 0) return 'unsatisfiable';
    return { startByte: Math.max(0, sizeBytes - lastCount), endByte: sizeBytes - 1 };
  }
  const startByte = Number(found[1]);
  const endByte = found[2] === '' ? sizeBytes - 1 : Math.min(Number(found[2]), sizeBytes - 1);
  if (startByte >= sizeBytes) return 'unsatisfiable';
  return startByte > endByte ? null : { startByte, endByte };
}
