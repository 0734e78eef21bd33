// The taps of one broadcast, called one after another. They are opened at its first key frame and then told what went
// before: the configurations every decoder needs.
import { type DemuxEvent, type FlvTag, readAudioTag, readVideoTag, type TrackSegment } from '@insp/media';
import type { Logger } from '../../kernel/logger.ts';
import type { BroadcastTap, OpenTap } from './taps.ts';

export type TapSet = {
  open(broadcast: Parameters<OpenTap>[0]): void;
  connected(atMs: number): void;
  /** A tag and the events the demuxer made of it. */
  tag(tag: FlvTag, events: readonly DemuxEvent[], arrivedAtMs: number): void;
  segment(segment: TrackSegment): void;
  disconnected(atMs: number): void;
  ended(atMs: number): void;
};

type Head = { tag: FlvTag; events: readonly DemuxEvent[] };

export function createTapSet(openers: readonly OpenTap[], logger: Logger): TapSet {
  let taps: BroadcastTap[] = [];
  /** The newest configurations of this connection. */
  let heads: Partial<Record<FlvTag['kind'], Head>> = {};
  let isFresh = false;

  function each(call: (tap: BroadcastTap) => void): void {
    for (const tap of taps) {
      try {
        call(tap);
      } catch (error) {
        logger.error({ error }, 'a listener of the broadcast failed');
      }
    }
  }

  const pass = ({ tag, events }: Head, atMs: number) =>
    each((tap) => {
      tap.onTag?.(tag, atMs);
      for (const event of events) tap.onSample?.(event, atMs);
    });

  return {
    open(broadcast) {
      taps = [];
      for (const open of openers) {
        try {
          taps.push(open(broadcast));
        } catch (error) {
          logger.error({ error }, 'a listener of the broadcast could not begin');
        }
      }
      each((tap) => tap.onConnected?.(broadcast.startedAtMs));
      isFresh = true;
    },
    connected(atMs) {
      heads = {};
      each((tap) => tap.onConnected?.(atMs));
    },
    tag(tag, events, arrivedAtMs) {
      if (isFresh) for (const head of Object.values(heads)) pass(head, arrivedAtMs);
      isFresh = false;
      pass({ tag, events }, arrivedAtMs);
      if (isConfig(tag)) heads[tag.kind] = { tag, events };
    },
    segment: (segment) => each((tap) => tap.onSegment?.(segment)),
    disconnected: (atMs) => each((tap) => tap.onDisconnected?.(atMs)),
    ended(atMs) {
      each((tap) => tap.onEnded?.(atMs));
      taps = [];
    },
  };
}

const isConfig = ({ kind, body }: FlvTag): boolean => (kind === 'video' ? readVideoTag(body) : readAudioTag(body)).kind === 'config';
