import type { Server } from 'node:http';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import { NORMAL_PACE, REALTIME_LIMITS, type RealtimeLimits } from './limits.ts';
import type { FactAcceptor, Redact, RequestHandlers, RoomPace, SnapshotProvider, VerifySession } from './ports.ts';
import { attachRoomSockets, type RoomSocketOptions } from './realtime.socket.ts';
import { redactMoney } from './redact-money.ts';
import { createRoomHub, type RoomHub } from './room-hub.ts';

export type RealtimeDeps = {
  clock: Clock;
  ids: Ids;
  logger: Logger;
  verifySession: VerifySession;
  handlers: RequestHandlers;
  snapshot: SnapshotProvider;
  capture: FactAcceptor;
  redact?: Redact;
  random: Random;
  pace?: () => RoomPace;
  limits?: Partial<RealtimeLimits>;
};

export type Realtime = Omit<RoomHub, 'accept' | 'hasRoomFor' | 'waitForNewViewersMs'> & {
  /** Serves the room sockets of an HTTP server; the return value stops taking new ones. */
  attach(httpServer: Server, options?: RoomSocketOptions): () => void;
};

/** The rooms of this process: sockets, presence, fan-out, resume. Carries messages, understands none. */
export function createRealtime({ redact = redactMoney, limits = {}, pace = () => NORMAL_PACE, ...deps }: RealtimeDeps): Realtime {
  const hub = createRoomHub({ ...deps, redact, pace, limits: { ...REALTIME_LIMITS, ...limits } });
  const detachers: Array<() => void> = [];
  return {
    ...hub,
    attach(httpServer, options) {
      const detach = attachRoomSockets(httpServer, hub, options);
      detachers.push(detach);
      return detach;
    },
    async stop() {
      for (const detach of detachers.splice(0)) detach();
      await hub.stop();
    },
  };
}
