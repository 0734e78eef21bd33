// A text that goes to thousands of sockets is framed once (RFC 6455 5.2; server frames are not masked, so they are
// the same for everybody) and the same bytes are written to each. Measured against one `send` per socket: see
// bench/chat-fanout.ts.
import * as ws from 'ws';

/** Exported and documented as public by ws (lib/sender.js), missing from its types. */
type FrameBuilder = {
  frame(data: Buffer, options: { fin: boolean; rsv1: boolean; opcode: number; mask: boolean; readOnly: boolean }): Buffer[];
};
const { Sender } = ws as unknown as { Sender: FrameBuilder };

const TEXT_OPCODE = 1;
const framed = new WeakMap<{ readonly text: string }, Buffer>();

/** The bytes of the text frame of `message`, built at the first call for this object. */
export function framedOnce(message: { readonly text: string }): Buffer {
  const known = framed.get(message);
  if (known) return known;
  const parts = Sender.frame(Buffer.from(message.text), { fin: true, rsv1: false, opcode: TEXT_OPCODE, mask: false, readOnly: true });
  const bytes = Buffer.concat(parts);
  framed.set(message, bytes);
  return bytes;
}
