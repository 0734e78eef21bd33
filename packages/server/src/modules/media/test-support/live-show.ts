// A show on air without an encoder or sockets: frames are made as the clock goes, packaged and offered as they would
// be. 25 frames a second, groups of 2 s, parts of 13 frames.
import { createLiveWindow, createPackager, type DemuxEvent, fmp4Writer, readAacConfig, readAvcConfig, type TrackOutput } from '@insp/media';
import { createFakeClock } from '@insp/test-kit';
import { systemClock } from '../../../kernel/clock.ts';
import { createIds } from '../../../kernel/ids.ts';
import { silentLogger } from '../../../kernel/logger.ts';
import { systemRandom } from '../../../kernel/random.ts';
import { createHttpServer } from '../../../platform/http/index.ts';
import { createLiveRequests } from '../live-requests.ts';
import { mediaRoutes } from '../media.http.ts';
import { AUDIO_CONFIG, VIDEO_CONFIG } from './rtmp-client.ts';

const FRAME_MS = 40;
const GROUP_MS = 2_000;

export function createLiveShow(startAtMs = Date.UTC(2026, 10, 20)) {
  const clock = createFakeClock(startAtMs);
  const window = createLiveWindow();
  const requests = createLiveRequests({ window, clock });
  const packager = createPackager({ boxWriter: fmp4Writer, firstMediaSequence: 100, firstDiscontinuitySequence: 7 });
  const video = readAvcConfig(VIDEO_CONFIG.subarray(5));
  const audio = readAacConfig(AUDIO_CONFIG.subarray(2));
  if (!video || !audio) throw new Error('the configurations are unreadable');
  let atMs = 0;
  let soundCount = 0;

  const publish = (outputs: readonly TrackOutput[]) => {
    for (const output of outputs) window.add(output);
    if (outputs.length > 0) requests.changed();
  };
  const push = (event: DemuxEvent) => publish(packager.push(event, clock.nowMs()));
  push({ kind: 'video_config', config: video });
  push({ kind: 'audio_config', config: audio });

  return {
    clock,
    window,
    requests,
    still: null as Uint8Array | null,
    /** Plays on for so long. */
    play(durationMs: number) {
      for (const endMs = atMs + durationMs; atMs < endMs; atMs += FRAME_MS) {
        push({ kind: 'video', dtsMs: atMs, compositionMs: 0, isKey: atMs % GROUP_MS === 0, data: new Uint8Array(200).fill(atMs) });
        for (; (soundCount * 1024) / 48 <= atMs; soundCount += 1)
          push({ kind: 'audio', dtsMs: Math.round((soundCount * 1024) / 48), data: Uint8Array.of(1, 2, 3) });
        clock.advance(FRAME_MS);
      }
    },
    end() {
      publish(packager.flush());
      window.end();
      requests.changed();
    },
  };
}

export type LiveShow = ReturnType<typeof createLiveShow>;

/** The show at `/live/show/`. */
export async function serveLiveShow(show: LiveShow) {
  const http = await createHttpServer({
    logger: silentLogger,
    ids: createIds(systemClock, systemRandom),
    publicUrl: 'http://localhost:4600',
  });
  mediaRoutes({
    ask: (playbackId, name, directives, onAnswer) => {
      if (playbackId === 'show') return show.requests.ask(name, directives, onAnswer);
      onAnswer({ kind: 'none' });
      return () => {};
    },
    still: (playbackId) => (playbackId === 'show' ? show.still : null),
    stopWaiting: show.requests.stop,
  })(http);
  const get = (name: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    http.inject({ method, url: `/live/show/${name}`, headers });
  return { http, get };
}
