// RTMP messages (Adobe, "RTMP specification 1.0", sections 5.4, 6 and 7.1).

export const MESSAGE_TYPE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  dataAmf0: 18,
  commandAmf0: 20,
} as const;

export type RtmpMessage = {
  readonly chunkStreamId: number;
  readonly typeId: number;
  readonly messageStreamId: number;
  /** RTMP's 32-bit clock in ms; wraps after 49.7 days. */
  readonly timestampMs: number;
  readonly payload: Uint8Array;
};

/** The chunk size both sides begin with. */
export const INITIAL_CHUNK_BYTES = 128;
