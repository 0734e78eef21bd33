// Health of every show's picture: what the meter of the connection measures, what others see of it, one verdict with
// hysteresis, and the hour that can be drawn. One advisor per connection; the history goes on over connections.
import {
  createHealthAdvisor,
  createHealthHistory,
  type HealthAdvisor,
  type HealthHistory,
  type HealthMeter,
  NO_OUTSIDE_READINGS,
  type OutsideReadings,
} from '@insp/media';
import type { StreamHealth, StreamHealthReport } from '@insp/protocol';

/** What others measure of a show's broadcast; what is left out is not measured. */
export type ReadOutside = (showId: string) => Partial<OutsideReadings>;

/** Of a channel: the meter of the encoder that is shown, which one it is, and why one was turned away a moment ago. */
export type ChannelLook = { readonly meter: HealthMeter | null; readonly refusal: string | null } & Pick<
  StreamHealth,
  'source' | 'standby'
>;

export type HealthBoard = {
  health(showId: string, look: ChannelLook, nowMs: number): StreamHealth;
  /** The same, kept in the history. */
  keep(showId: string, look: ChannelLook, nowMs: number): StreamHealth;
  report(showId: string, look: ChannelLook, nowMs: number): StreamHealthReport;
  forget(showId: string): void;
};

type Entry = { meter: HealthMeter | null; advisor: HealthAdvisor; readonly history: HealthHistory };

export const NO_LOOK: ChannelLook = { meter: null, refusal: null, source: null, standby: 'none' };

export function createHealthBoard({ outside }: { outside: ReadOutside }): HealthBoard {
  const entries = new Map<string, Entry>();

  function entryOf(showId: string, meter: HealthMeter): Entry {
    const known = entries.get(showId);
    if (known?.meter === meter) return known;
    const entry = { meter, advisor: createHealthAdvisor(), history: known?.history ?? createHealthHistory() };
    entries.set(showId, entry);
    return entry;
  }

  function health(showId: string, { meter, refusal, source, standby }: ChannelLook, nowMs: number): StreamHealth {
    if (!meter) {
      const status = refusal === null ? 'no_encoder' : 'bad';
      return { ...NOTHING, status, advice: refusal ?? '', source: null, standby, signals: [], updatedAt: nowMs };
    }
    const reading = meter.read(nowMs);
    const verdict = entryOf(showId, meter).advisor.judge(reading, { ...NO_OUTSIDE_READINGS, ...outside(showId) }, nowMs);
    return {
      // What the other encoder was refused for is said when all else is well.
      ...(verdict.advice === '' && refusal !== null
        ? { status: 'warning', advice: refusal }
        : { status: verdict.status, advice: verdict.advice }),
      source,
      standby,
      signals: [...verdict.signals],
      videoCodec: reading.video?.codecString ?? null,
      audioCodec: reading.audio?.codecString ?? null,
      widthPx: reading.video?.widthPx ?? null,
      heightPx: reading.video?.heightPx ?? null,
      framesPerSec: reading.framesPerSec === null ? null : Math.round(reading.framesPerSec * 10) / 10,
      bitrateBitsPerSec: reading.bitrateBitsPerSec === null ? null : Math.round(reading.bitrateBitsPerSec),
      keyFrameIntervalMs: reading.keyFrameIntervalMs,
      updatedAt: nowMs,
    };
  }

  return {
    health,
    keep(showId, look, nowMs) {
      const now = health(showId, look, nowMs);
      if (look.meter) entryOf(showId, look.meter).history.add(now.signals, nowMs);
      return now;
    },
    report(showId, look, nowMs) {
      const kept = entries.get(showId)?.history.read(nowMs) ?? { names: [], points: [] };
      return {
        health: health(showId, look, nowMs),
        history: { names: [...kept.names], points: kept.points.map((point) => [...point]) },
      };
    },
    forget: (showId) => void entries.delete(showId),
  };
}

const NOTHING = {
  videoCodec: null,
  audioCodec: null,
  widthPx: null,
  heightPx: null,
  framesPerSec: null,
  bitrateBitsPerSec: null,
  keyFrameIntervalMs: null,
};
