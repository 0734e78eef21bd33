// Playlists as bytes, compressed once for each text however many ask for it. RFC 8216bis 6.2.1: gzip when the client
// takes it; brotli is a tenth smaller.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';
export type PlaylistBodies = { bodyOf(file: { readonly text: string }, encoding: Encoding): Buffer };

const encoders: Record<Encoding, (text: string) => Buffer> = {
  // Playlists are a few kB and live for half a second: a higher level costs more than it saves.
  br: (text) =>
    brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
  gzip: (text) => gzipSync(text, { level: 6 }),
  identity: (text) => Buffer.from(text),
};

export function createPlaylistBodies(): PlaylistBodies {
  const bodies = new WeakMap<object, Map<Encoding, Buffer>>();
  return {
    bodyOf(file, encoding) {
      const known = bodies.get(file) ?? new Map<Encoding, Buffer>();
      bodies.set(file, known);
      const body = known.get(encoding) ?? encoders[encoding](file.text);
      known.set(encoding, body);
      return body;
    },
  };
}

/** What the client takes of what we have (RFC 9110, 12.5.3); a quality of 0 refuses. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding {
  const taken = new Set<string>();
  for (const item of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((text) => text.trim());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) taken.add(name);
  }
  if (taken.has('br')) return 'br';
  return taken.has('gzip') || taken.has('*') ? 'gzip' : 'identity';
}
