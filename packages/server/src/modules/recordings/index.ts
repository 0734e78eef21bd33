// Recordings: broadcasts stored as they happen, and the replays made of them. See SPEC.md.
export type { RecordedMoment, RecordedShow, RecordingsPorts } from './ports.ts';
export { recordingsRoutes } from './recordings.http.ts';
export { createRecordings, type Recordings, type RecordingsConfig } from './recordings.node.ts';
export type { SegmentStore } from './segment-store.ts';
