// Every input has a limit, and every limit has one name. Edges enforce them, tests sit on both sides of each.

export const LIMITS = {
  /** product.md 3.5: a chat line, in Unicode code points after normalization. */
  chatTextLength: 170,
  displayNameLength: 20,
  /** One socket frame from a client. */
  socketFrameBytes: 8 * 1024,
  /** Requests a socket may send per second, and the burst above it, before `INSP_REALTIME_TOO_FAST`. */
  socketRequestsPerSec: 20,
  socketRequestsBurst: 40,
  chatMessagesPerSec: 1,
  chatMessagesBurst: 5,
  reactionsPerRequest: 50,
  playerEventsPerRequest: 50,
  /** What a browser takes for all beacons of a page together (Fetch, 64 KiB in flight with keepalive). */
  beaconBodyBytes: 64 * 1024,
  httpBodyBytes: 1024 * 1024,
  webhookBodyBytes: 256 * 1024,
  productImportBytes: 50 * 1024 * 1024,
  productsPerShow: 500,
  productImportRows: 10_000,
  highlightsPerShow: 3,
  showTitleLength: 120,
  showDescriptionLength: 2_000,
  storeOriginsPerOrg: 20,
  apiKeysPerOrg: 50,
  reasonLength: 200,
  orderLines: 200,
  restreamTargetsPerShow: 10,
  restreamNameLength: 60,
  restreamUrlLength: 500,
  restreamKeyLength: 500,
} as const;

/** The chat of a replay is read in pieces of this length (`chat-<minute>.json`). */
export const REPLAY_CHAT_WINDOW_MS = 60_000;
