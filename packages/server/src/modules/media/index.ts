// The media module: RTMP in, HLS out. See SPEC.md for its rules.
//
//   const media = createMedia({ config: { rtmpPort: 1935, rtmpHost: '127.0.0.1', publicUrl }, shows, recorder, clock, ids, random, logger });
//   media.routes(http);
//   await media.start();
import type { Id, IngestSource, StreamHealth, StreamHealthReport } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import type { Service } from '../../kernel/service.ts';
import type { HttpServer } from '../../platform/http/index.ts';
import { followCertificate } from './certificate.fs.ts';
import type { ReadOutside } from './health-board.ts';
import { createRtmpIngest } from './ingest.rtmp.ts';
import type { RtmpIngest } from './ingest.ts';
import { mediaRoutes } from './media.http.ts';
import { createBroadcasts, type HealthListener } from './media.ts';
import type { MomentNews } from './moment-memory.ts';
import type { FactRecorder, Shows } from './ports.ts';
import type { OpenTap } from './taps.ts';
import { createWrongKeyDelay } from './wrong-key-delay.ts';

export type { ReadOutside } from './health-board.ts';
export type { HealthListener } from './media.ts';
export type { MomentNews } from './moment-memory.ts';
export { createFfmpegWatch } from './picture-watch/ffmpeg-watch.process.ts';
export { createPictureWatch, type PictureWatch } from './picture-watch/picture-watch.ts';
export type { PublishGrant } from './ports.ts';
export { streamHealthRoutes } from './stream-health.http.ts';
export type { BroadcastTap, OpenTap, RungSink } from './taps.ts';
export { parseLadder } from './transcoder/ladder-setting.ts';
export { createLatestStills, type LatestStills } from './transcoder/latest-stills.ts';
export { createLocalLauncher } from './transcoder/local-launcher.process.ts';
export type { OpenTranscoderListener, Thumbnail, TranscodeLauncher, TranscoderStatus } from './transcoder/ports.ts';
export { createTranscoder, type Transcoder } from './transcoder/transcoder.ts';

export type MediaConfig = {
  /** 0 picks a free one; read `rtmpPort` after `start`. */
  readonly rtmpPort: number;
  readonly rtmpHost: string;
  /** RTMPS beside it; null = none. The files are PEM, read again when they change. */
  readonly rtmps?: { readonly port: number; readonly host: string; readonly certFile: string; readonly keyFile: string } | null;
  /** Where browsers reach Insp: scheme, host, port. */
  readonly publicUrl: string;
  /** About how long a part of the low-latency playlist is; absent: 500. */
  readonly partMs?: number;
};

export type Media = Service & {
  readonly routes: (http: HttpServer) => void;
  /** The port encoders connect to; 0 before `start`. */
  readonly rtmpPort: number;
  /** The same of RTMPS; 0 when there is none. */
  readonly rtmpsPort: number;
  /** Absolute address of the show's playlist: the same for the life of the show, answers 404 before the first picture. */
  playlistUrl(playbackId: string): string;
  health(showId: Id<'shw'>): StreamHealth;
  /** The same with the values of the last hour. */
  healthReport(showId: string): StreamHealthReport;
  /** An encoder is connected and accepted. */
  isPublishing(showId: Id<'shw'>): boolean;
  /** A picture is coming in now: connected, and its first key frame was seen. */
  hasPicture(showId: Id<'shw'>): boolean;
  /** Closes that encoder; the broadcast goes on with the other, or waits for the next one. Nothing happens when there is none. */
  dropEncoder(showId: Id<'shw'>, source: IngestSource): void;
  /** Puts that encoder on air; false when it could not begin at once. */
  switchSource(showId: Id<'shw'>, source: IngestSource): boolean;
  /** Closes the encoder and ends the playlist. Nothing happens when there is none. */
  endBroadcast(showId: Id<'shw'>, reason: string): void;
  /** A product was shown, or is no longer: kept in the playlist as long as the picture it belongs to. */
  markMoment(news: MomentNews): void;
  /** Each second while an encoder is connected, and when one goes. Returns the undo. */
  onHealthChanged(listen: HealthListener): () => void;
};

export function createMedia(deps: {
  config: MediaConfig;
  shows: Shows;
  recorder: FactRecorder;
  clock: Clock;
  ids: Ids;
  random: Random;
  logger: Logger;
  /** Who else listens to broadcasts. */
  openTaps?: readonly OpenTap[];
  /** What others measure of a show's broadcast. */
  outside?: ReadOutside;
  /** The newest still of a show's broadcast. */
  still?: (showId: string) => Uint8Array | null;
}): Media {
  const { config, clock, random } = deps;
  const logger = deps.logger.child({ module: 'media' });
  const broadcasts = createBroadcasts({
    ...deps,
    openTaps: deps.openTaps ?? [],
    outside: deps.outside ?? (() => ({})),
    still: deps.still ?? (() => null),
    partMs: config.partMs ?? 500,
    logger,
  });
  const common = { clock, random, logger, wrongKeys: createWrongKeyDelay(), decide: broadcasts.decide };
  const plain = createRtmpIngest({ ...common, host: config.rtmpHost, port: config.rtmpPort });
  let secure: RtmpIngest | null = null;
  let stopFollowing = () => {};
  let stopTicking: (() => void) | null = null;

  return {
    routes: mediaRoutes(broadcasts.live),
    get rtmpPort() {
      return plain.port;
    },
    get rtmpsPort() {
      return secure?.port ?? 0;
    },
    playlistUrl: (playbackId) => new URL(`/live/${encodeURIComponent(playbackId)}/index.m3u8`, config.publicUrl).href,
    health: broadcasts.health,
    healthReport: broadcasts.healthReport,
    isPublishing: broadcasts.isPublishing,
    hasPicture: broadcasts.hasPicture,
    dropEncoder: broadcasts.dropEncoder,
    switchSource: broadcasts.switchSource,
    endBroadcast: broadcasts.endBroadcast,
    onHealthChanged: broadcasts.onHealthChanged,
    markMoment: broadcasts.markMoment,
    async start() {
      await plain.start();
      if (config.rtmps && !secure) {
        const certificate = await followCertificate(config.rtmps, { clock, logger });
        stopFollowing = certificate.stop;
        secure = createRtmpIngest({ ...common, certificate, host: config.rtmps.host, port: config.rtmps.port });
        await secure.start();
      }
      stopTicking ??= clock.every(1_000, broadcasts.tick);
    },
    async stop() {
      stopTicking?.();
      stopTicking = null;
      stopFollowing();
      await Promise.all([plain.stop(), secure?.stop()]);
      secure = null;
      await broadcasts.settled();
    },
  };
}
