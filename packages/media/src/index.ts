// What no well-kept library does about live media (ADR 0003, 0004): RTMP in, FLV tags to samples, samples to fMP4
// segments, playlists that move in time, health of the incoming picture. Pure: bytes and times in, bytes out.
export { AAC_FRAME_TICKS, type AacConfig, readAacConfig } from './flv/aac.ts';
export { type AvcConfig, readAvcConfig } from './flv/avc.ts';
export { createFlvDemuxer, type DemuxEvent, type FlvDemuxer, JUMP_LIMIT_MS } from './flv/demuxer.ts';
export { createFlvReader, FLV_LIMITS, type FlvFault, type FlvReader } from './flv/flv-stream-reader.ts';
export {
  aacConfigTag,
  aacFrameTag,
  avcConfigTag,
  avcFrameTag,
  flvHeader,
  flvTagBytes,
  flvTagPieces,
  type OpenFlvTag,
  tagAt,
} from './flv/flv-stream-writer.ts';
export { type AudioTag, type FlvTag, readAudioTag, readVideoTag, type VideoTag } from './flv/flv-tag.ts';
export { type TagRole, tagRole } from './flv/tag-role.ts';
export type { BoxSample, BoxTrack, BoxWriter } from './fmp4/box-writer.ts';
export { readBoxes, readFragment, readInitConfig } from './fmp4/fmp4-reader.ts';
export { fmp4Writer } from './fmp4/fmp4-writer.ts';
export { createFilterFrameReader, type FilterFrame, type FilterFrameReader, FRAME_MARK } from './health/filter-frames.ts';
export { createHealthAdvisor, type HealthAdvisor, type HealthVerdict } from './health/health-advisor.ts';
export { createHealthHistory, type HealthHistory, HISTORY_LIMITS } from './health/health-history.ts';
export { createHealthMeter, type DeclaredStream, type HealthMeter, type HealthReading } from './health/health-meter.ts';
export { HEALTH_THRESHOLDS } from './health/judge-signals.ts';
export {
  NO_OUTSIDE_READINGS,
  type OutsideReadings,
  type PictureReading,
  type TranscoderReading,
  type ViewersReading,
} from './health/outside-readings.ts';
export { createPictureFold, type PictureFold } from './health/picture-fold.ts';
export type { Signal } from './health/signal.ts';
export { createViewerSide, VIEWER_SIDE_LIMITS, type ViewerSide } from './health/viewer-side.ts';
export { pictureFilters, soundFilters, WATCH_FILTERS } from './health/watch-filters.ts';
export { CPU_COSTS, type CpuBudget, createCpuBudget, ladderCost } from './ladder/cpu-budget.ts';
export { createDecodeTimes, type DecodeTimes } from './ladder/decode-times.ts';
export { createFeedQueue, FEED_LIMITS, type FeedItem, type FeedQueue, sizeOf } from './ladder/feed-queue.ts';
export { ffmpegArguments, PIPES, STILL_MARK, type TranscodePlan, WATCH_LIMITS } from './ladder/ffmpeg-arguments.ts';
export { createJpegSplitter, STILL_LIMITS } from './ladder/jpeg-splitter.ts';
export { createLoadWatch, LOAD_LIMITS, type LoadReading, type LoadWatch } from './ladder/load-watch.ts';
export { LADDER_LIMITS, type LadderSource, ladderSteps, leftOutOf, planLadder, type Rung } from './ladder/plan-ladder.ts';
export { createProgressReader, type TranscodeProgress } from './ladder/progress-reader.ts';
export { nextShedding, SHEDDING_LIMITS, type Shedding, startShedding } from './ladder/shedding.ts';
export { IDLE, nextSupervision, SUPERVISION_LIMITS, type Supervision } from './ladder/supervision.ts';
export { createPackager, PART_LENGTHS_MS, type Packager } from './packager/packager.ts';
export { RUNG_LIMITS, type RungFeed } from './packager/rung.ts';
export type { TrackName, TrackOutput, TrackPart, TrackPeriod, TrackSegment } from './packager/track.ts';
export { MOMENT_LIMITS, PRODUCT_CLASS, type ProductMoment } from './playlist/date-ranges.ts';
export {
  createLiveWindow,
  type Directives,
  type LiveAnswer,
  type LiveFile,
  type LiveWindow,
  NO_DIRECTIVES,
  WINDOW_LIMITS,
} from './playlist/live-window.ts';
export { HOLD_BACK } from './playlist/media-playlist.ts';
export { readFileName } from './playlist/names.ts';
export {
  buildChapters,
  type Chapter,
  type ReplayMoment,
  type StoryboardSheets,
  writeChapterTrack,
  writeStoryboardTrack,
} from './replay/chapters.ts';
export { keyFrameOf, shiftSegment, spanOfSegment } from './replay/fragments.ts';
export { BLACK_BELOW_LUMA, choosePoster, type FrameLooks, looksOf, type Span, suggestTrim } from './replay/frame-looks.ts';
export {
  type ProductRange,
  rangesWithin,
  targetDurationOf,
  writeReplayMultivariant,
  writeReplayPlaylist,
} from './replay/replay-playlist.ts';
export {
  buildTimeline,
  bytesOfTimeline,
  offeredPictures,
  positionOf,
  type RecordedSegment,
  type ReplaySegment,
  type ReplayTimeline,
  segmentAt,
  trimTimeline,
  type UtcSpan,
  utcOf,
} from './replay/timeline.ts';
export { AMF0_LIMITS, type AmfObject, type AmfValue, isAmfObject, readAmf0, writeAmf0 } from './rtmp/amf0.ts';
export { CHUNK_LIMITS, type ChunkFault, createChunkReader } from './rtmp/chunk-reader.ts';
export { writeMessage } from './rtmp/chunk-writer.ts';
export { MESSAGE_TYPE, type RtmpMessage } from './rtmp/message.ts';
export { createOutgoingTimeline, type OutgoingTimeline } from './rtmp/outgoing-timeline.ts';
export {
  ACKNOWLEDGE_EVERY_BYTES,
  CLIENT_LIMITS,
  type ClientEvent,
  type ClientFault,
  type ClientStage,
  createPublishClient,
  type PublishClient,
  type PublishClientOptions,
} from './rtmp/publish-client.ts';
export {
  createPublishSession,
  type PublishSession,
  SESSION_LIMITS,
  type SessionEvent,
  type SessionFault,
} from './rtmp/publish-session.ts';
export { classifyRejection, REJECTIONS, type Rejection } from './rtmp/rejection.ts';
export { type ChunkedTag, chunkTag, TAG_CHUNK_BYTES, tagParts } from './rtmp/tag-chunks.ts';
