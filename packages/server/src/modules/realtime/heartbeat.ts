// Signs of life both ways. Each socket is looked at once per interval, the sockets spread over the seconds of it,
// so that ten thousand pings do not leave in one turn.
import type { Clock } from '../../kernel/clock.ts';
import type { Service } from '../../kernel/service.ts';

const SLOT_MS = 1_000;

export type Heartbeat<S> = Service & {
  /** Begins to look after a socket; the return value ends it. */
  add(socket: S): () => void;
};

export function createHeartbeat<S>(deps: { clock: Clock; intervalMs: number; beat: (socket: S) => void }): Heartbeat<S> {
  const slots = Array.from({ length: Math.max(1, Math.round(deps.intervalMs / SLOT_MS)) }, () => new Set<S>());
  let turn = 0;
  let nextSlot = 0;
  let stopTimer: (() => void) | null = null;
  return {
    add(socket) {
      const slot = slots[nextSlot % slots.length] as Set<S>;
      nextSlot += 1;
      slot.add(socket);
      return () => slot.delete(socket);
    },
    async start() {
      stopTimer ??= deps.clock.every(deps.intervalMs / slots.length, () => {
        const slot = slots[turn % slots.length] as Set<S>;
        turn += 1;
        for (const socket of [...slot]) deps.beat(socket);
      });
    },
    async stop() {
      stopTimer?.();
      stopTimer = null;
    },
  };
}
