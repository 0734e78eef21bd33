// How far this client has read in each channel. A push must be the next one: an older one was seen already, a
// later one means a hole, and the connection is made anew to recover what is missing.
import type { Channel, Position, Welcome } from '@insp/protocol';

export type Verdict = 'next' | 'seen' | 'hole';

export type Positions = {
  /** What hello tells the server. */
  all(): Position[];
  /** Judges a stream push and moves on if it is the next one. */
  judge(channel: Channel, offset: number): Verdict;
  /** Takes the server's positions; returns the channels whose past could not be recovered. */
  welcome(welcome: Welcome): { lost: Channel[]; recovered: Channel[] };
  clear(): void;
};

export function createPositions(): Positions {
  const byChannel = new Map<Channel, Position>();
  return {
    all: () => [...byChannel.values()],
    judge(channel, offset) {
      const position = byChannel.get(channel);
      if (!position) return 'hole';
      if (offset <= position.offset) return 'seen';
      if (offset > position.offset + 1) return 'hole';
      byChannel.set(channel, { ...position, offset });
      return 'next';
    },
    welcome(welcome) {
      const lost: Channel[] = [];
      const recovered: Channel[] = [];
      for (const { channel, epoch, offset, recovered: isRecovered } of welcome.positions) {
        const known = byChannel.get(channel);
        // Recovered: the pushes that follow start right after what we had.
        if (isRecovered && known?.epoch === epoch) recovered.push(channel);
        else {
          if (known) lost.push(channel);
          byChannel.set(channel, { channel, epoch, offset });
        }
      }
      return { lost, recovered };
    },
    clear: () => byChannel.clear(),
  };
}
