// Snapshots: a tagged JSON document as UTF-8 bytes, so that no byte order, no padding and no foreign document can be taken for a
// model. Numbers survive exactly (JSON writes the shortest text that reads back to the same double); NaN and infinities are not JSON
// and are refused when written.
import { InputError } from '../input-error.ts';

// Part of every JavaScript host (WHATWG Encoding), yet of no ECMAScript library this package is compiled against.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: { readonly fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** Longest snapshot read. */
export const MAX_SNAPSHOT_BYTES = 256 * 1024 * 1024;

/** Writes `data` under a kind such as `insp/value-score@1`. Typed arrays become plain lists. */
export function writeSnapshot(kind: string, data: unknown): Uint8Array {
  const plain = (_: string, value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new InputError(`${kind}: ${value} cannot be kept in a snapshot`);
    return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as unknown as ArrayLike<number>) : value;
  };
  return new TextEncoder().encode(JSON.stringify({ kind, data }, plain));
}

/** Reads what `writeSnapshot` wrote under the same kind; refuses anything else. */
export function readSnapshot(kind: string, bytes: Uint8Array): unknown {
  if (bytes.length > MAX_SNAPSHOT_BYTES) throw new InputError(`a snapshot of ${bytes.length} bytes, more than ${MAX_SNAPSHOT_BYTES}`);
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new InputError(`not a snapshot: ${(cause as Error).message}`);
  }
  const found = (document as { kind?: unknown } | null)?.kind;
  if (found !== kind) throw new InputError(`a snapshot of kind ${JSON.stringify(found)}, not ${kind}`);
  return (document as { data: unknown }).data;
}
