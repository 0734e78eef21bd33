// The registry of every code Insp answers with. A code is never reused and never renamed. `status` is the HTTP
// status where the code leaves by HTTP; `title` says what happened, `fix` what the reader can do about it.
// tools/error-codes.test.ts holds registry, code and docs/reference/errors.md together, in both directions.

type ErrorCodeEntry = { readonly status: number; readonly title: string; readonly fix: string };

export const ERROR_CODES = {
  // requests in general
  INSP_HTTP_NOT_FOUND: { status: 404, title: 'No such address', fix: 'Check the path against the API reference.' },
  INSP_HTTP_INVALID_BODY: { status: 400, title: 'The request does not fit its schema', fix: 'See `errors` for the place of each fault.' },
  INSP_HTTP_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'That content type is not read here', fix: 'Send application/json.' },
  INSP_HTTP_TOO_LARGE: { status: 413, title: 'The request body is too large', fix: 'Send less in one request.' },
  INSP_HTTP_TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', fix: 'Wait for the time in Retry-After.' },
  INSP_HTTP_INTERNAL: { status: 500, title: 'Something broke on our side', fix: 'Try again; give the request id to your operator.' },
  INSP_HTTP_NOT_READY: { status: 503, title: 'The server is starting or stopping', fix: 'Try again in a moment.' },
  INSP_HTTP_CROSS_SITE_WRITE: {
    status: 403,
    title: 'A write from another site was refused',
    fix: 'Use an API key, or call from the console itself.',
  },

  // who are you, may you
  INSP_ACCOUNTS_SIGN_IN_REQUIRED: { status: 401, title: 'Nobody is signed in', fix: 'Sign in, or send an API key.' },
  INSP_ACCOUNTS_SESSION_EXPIRED: { status: 401, title: 'The session has expired', fix: 'Sign in again.' },
  INSP_ACCOUNTS_NO_ORGANIZATION: { status: 403, title: 'No organization is active', fix: 'Create or choose an organization.' },
  INSP_ACCOUNTS_FORBIDDEN: { status: 403, title: 'Your role does not allow this', fix: 'Ask an owner of the organization.' },
  INSP_ACCOUNTS_PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    title: 'The one-time password must be replaced first',
    fix: 'Choose your own password.',
  },
  INSP_ACCOUNTS_CREDENTIALS_INVALID: { status: 401, title: 'E-mail or password is wrong', fix: 'Check both and try again.' },
  INSP_ACCOUNTS_TOO_MANY_ATTEMPTS: { status: 429, title: 'Too many attempts to sign in', fix: 'Wait for the time in Retry-After.' },
  INSP_ACCOUNTS_PASSWORD_UNFIT: { status: 422, title: 'That password cannot be used', fix: 'Use 10 to 128 characters.' },
  INSP_ACCOUNTS_EMAIL_TAKEN: { status: 409, title: 'There is an account with this e-mail address', fix: 'Sign in instead.' },
  INSP_ACCOUNTS_REGISTRATION_CLOSED: {
    status: 403,
    title: 'New accounts are by invitation only',
    fix: 'Ask an owner of the organization for an invitation.',
  },
  INSP_ACCOUNTS_INVITATION_INVALID: {
    status: 404,
    title: 'No such open invitation for you',
    fix: 'Sign in with the invited address, or ask for a new invitation.',
  },
  INSP_ACCOUNTS_MEMBER_NOT_FOUND: { status: 404, title: 'No such member', fix: 'Load the list of members again.' },
  INSP_ACCOUNTS_ALREADY_MEMBER: { status: 409, title: 'That person is a member already', fix: 'Change the role instead.' },
  INSP_ACCOUNTS_LAST_OWNER: { status: 409, title: 'An organization needs an owner', fix: 'Make somebody else an owner first.' },
  INSP_ACCOUNTS_PERSON_REQUIRED: { status: 403, title: 'An API key cannot do that', fix: 'Sign in as a person.' },
  INSP_ACCOUNTS_TOO_MANY_API_KEYS: {
    status: 409,
    title: 'Too many API keys',
    fix: 'Revoke one you no longer use; an organization has at most 50.',
  },
  INSP_ACCOUNTS_API_KEY_NOT_FOUND: { status: 404, title: 'No such API key', fix: 'Load the list of keys again.' },
  INSP_ACCOUNTS_API_KEY_INVALID: { status: 401, title: 'The API key is not valid', fix: 'Create a new key in the settings.' },

  // shows
  INSP_SHOWS_NOT_FOUND: { status: 404, title: 'No such show', fix: 'Check the show id and that it belongs to your organization.' },
  INSP_SHOWS_NOT_PUBLISHED: { status: 404, title: 'The show is not published', fix: 'Schedule the show in the console.' },
  INSP_SHOWS_TRANSITION_REFUSED: {
    status: 409,
    title: 'The show cannot do that in its present state',
    fix: 'See `detail` for the state it is in.',
  },
  INSP_SHOWS_NOT_READY: { status: 409, title: 'The show is not ready for that', fix: 'See `detail` for what is missing.' },
  INSP_SHOWS_PRODUCT_NOT_IN_LINE_UP: {
    status: 409,
    title: 'The product is not in the line-up of this show',
    fix: 'Add it to the line-up first.',
  },
  INSP_SHOWS_TOO_MANY_PRODUCTS: { status: 422, title: 'The line-up is full', fix: 'A show carries at most 500 products.' },
  INSP_SHOWS_TOO_MANY_HIGHLIGHTS: { status: 409, title: 'Three highlights are on display', fix: 'Hide one first.' },
  INSP_SHOWS_HIGHLIGHT_NOT_FOUND: { status: 404, title: 'No such highlight on display', fix: 'It may have ended already.' },
  INSP_SHOWS_CHANGED_MEANWHILE: { status: 412, title: 'Somebody else changed the show', fix: 'Load it again and repeat your change.' },

  // products
  INSP_CATALOG_PRODUCT_NOT_FOUND: { status: 404, title: 'No such product', fix: 'Check the product id.' },
  INSP_CATALOG_IMPORT_REFUSED: { status: 422, title: 'The product list cannot be read', fix: 'See `detail`.' },
  INSP_CATALOG_FEED_UNREACHABLE: { status: 502, title: 'The product feed does not answer', fix: 'Check the address of the feed.' },
  INSP_CATALOG_FEED_ADDRESS_REFUSED: { status: 422, title: 'That feed address is not allowed', fix: 'Use a public https address.' },

  // embed and viewer sessions
  INSP_EMBED_ORIGIN_BLOCKED: {
    status: 403,
    title: 'This site may not embed the show',
    fix: 'Add the origin to the store origins of the organization.',
  },
  INSP_EMBED_VIEWER_TOKEN_INVALID: {
    status: 401,
    title: 'The viewer token of the shop is not valid',
    fix: 'Sign it with the viewer secret, audience `insp`, at most one hour.',
  },
  INSP_EMBED_SESSION_INVALID: { status: 401, title: 'The viewer session is not valid', fix: 'Start a new viewer session.' },
  INSP_EMBED_SESSION_EXPIRED: { status: 401, title: 'The viewer session has expired', fix: 'Start a new viewer session.' },
  // said by the plug-in itself, on the shop page
  INSP_EMBED_SHOW_ID_INVALID: { status: 400, title: 'The show attribute is not a show id', fix: 'Copy the embed code from the console.' },
  INSP_EMBED_HANDLER_MISSING: { status: 501, title: 'The shop has no handler for this', fix: "Register it with insp('cart', { ... })." },
  INSP_EMBED_HANDLER_TIMED_OUT: { status: 504, title: 'The shop did not answer in time', fix: 'Answer within 5 seconds.' },
  INSP_EMBED_HANDLER_FAILED: { status: 502, title: 'The shop handler threw an error', fix: 'See the console for the cause.' },
  INSP_EMBED_BLOCKED_BY_CSP: {
    status: 403,
    title: 'The Content-Security-Policy of this page blocks Insp',
    fix: 'Allow the Insp host in script-src, connect-src and media-src.',
  },
  INSP_EMBED_UNREACHABLE: { status: 503, title: 'Insp cannot be reached', fix: 'Check the address in the script tag and your connection.' },
  INSP_EMBED_PLAYBACK_FAILED: { status: 500, title: 'The video cannot be played', fix: 'Reload the page; if it stays, see the console.' },

  // realtime
  INSP_REALTIME_FRAME_TOO_LARGE: { status: 413, title: 'The socket frame is too large', fix: 'Send at most 8 KiB in one frame.' },
  INSP_REALTIME_FRAME_MALFORMED: { status: 400, title: 'The socket frame cannot be read', fix: 'Send one JSON object of a known type.' },
  INSP_REALTIME_HELLO_REQUIRED: { status: 401, title: 'The first message must be hello', fix: 'Send hello with a session token.' },
  INSP_REALTIME_TOO_FAST: { status: 429, title: 'Too many requests on this socket', fix: 'Slow down.' },
  INSP_REALTIME_FORBIDDEN: { status: 403, title: 'This session may not do that', fix: 'Use a session with the right role.' },
  INSP_REALTIME_ROOM_CLOSED: { status: 409, title: 'The room is not open', fix: 'Wait until the show opens.' },
  INSP_REALTIME_UNKNOWN_REQUEST: { status: 400, title: 'No such request', fix: 'See the socket reference.' },
  INSP_REALTIME_FULL: { status: 503, title: 'No more sockets fit here', fix: 'Try again in a moment.' },
  INSP_REALTIME_SHEDDING: {
    status: 503,
    title: 'The server takes no new viewers at the moment',
    fix: 'Wait for the time in retryAfterMs; the picture goes on.',
  },
  // said by the client library itself
  INSP_REALTIME_NO_ANSWER: { status: 504, title: 'The room did not answer in time', fix: 'Check the connection and try again.' },
  INSP_REALTIME_QUEUE_FULL: { status: 429, title: 'Too many requests are waiting', fix: 'Wait for answers before you send more.' },

  // chat
  INSP_CHAT_EMPTY: { status: 422, title: 'The message is empty', fix: 'Write something.' },
  INSP_CHAT_TOO_LONG: { status: 422, title: 'The message is too long', fix: 'At most 170 characters.' },
  INSP_CHAT_SLOW_MODE: { status: 429, title: 'Slow mode is on', fix: 'Wait for the seconds in `retryAfterMs`.' },
  INSP_CHAT_RATE_LIMITED: { status: 429, title: 'You write too fast', fix: 'Wait a moment.' },
  INSP_CHAT_BANNED: { status: 403, title: 'You may not write here', fix: 'Ask the shop if you think this is a mistake.' },
  INSP_CHAT_MESSAGE_NOT_FOUND: { status: 404, title: 'No such message', fix: 'It may belong to another show.' },
  INSP_CHAT_VIEWER_NOT_FOUND: { status: 404, title: 'No such viewer in this room', fix: 'Take the id from the message.' },
  INSP_CHAT_NAME_INVALID: { status: 422, title: 'That name cannot be used', fix: 'Use 1 to 20 visible characters.' },

  // orders
  INSP_ORDERS_SIGNATURE_INVALID: {
    status: 401,
    title: 'The webhook signature is not valid',
    fix: 'Sign with the order webhook secret (Standard Webhooks).',
  },
  INSP_ORDERS_TIMESTAMP_OUT_OF_WINDOW: {
    status: 401,
    title: 'The webhook is too old or from the future',
    fix: 'Send within five minutes and check the clock.',
  },
  INSP_ORDERS_CONTENT_CHANGED: {
    status: 409,
    title: 'That webhook id came before with other content',
    fix: 'Use a new id for new content.',
  },
  INSP_ORDERS_SHOW_TOKEN_INVALID: {
    status: 422,
    title: 'The show token is not valid',
    fix: 'Pass the token from addToCart through unchanged.',
  },
  INSP_ORDERS_UNKNOWN_ORDER: { status: 404, title: 'No such order', fix: 'Send order.paid before order.refunded.' },
  INSP_ORDERS_CURRENCY_MISMATCH: { status: 422, title: 'The currencies of lines and order differ', fix: 'Use one currency in one order.' },

  // said inside the answer to a webhook: the order is kept, this part of it needs a look
  INSP_ORDERS_LINE_NOT_ATTRIBUTED: {
    status: 422,
    title: 'A line with a show token was not attributed to the show',
    fix: 'See `message`: the token is for another product, or outside the time of the show.',
  },
  INSP_ORDERS_CURRENCY_NOT_COUNTED: {
    status: 422,
    title: 'The order is in another currency than the organization',
    fix: 'Set the currency of the organization; money of other currencies is in no sum.',
  },
  INSP_ORDERS_REFUND_EXCEEDS_LINE: {
    status: 422,
    title: 'More was refunded than was paid for the line',
    fix: 'Send amounts without tax and shipping, as in the order; the part above is not counted.',
  },

  // media
  INSP_MEDIA_STREAM_KEY_INVALID: { status: 401, title: 'The stream key is not valid', fix: 'Copy the key of this show from the console.' },
  INSP_MEDIA_PUBLISHER_PRESENT: {
    status: 409,
    title: 'Another encoder is already sending with this key',
    fix: 'Stop the other encoder first.',
  },
  INSP_MEDIA_SHOW_NOT_OPEN: { status: 409, title: 'The show takes no video in its present state', fix: 'Schedule the show first.' },
  INSP_MEDIA_CODEC_UNSUPPORTED: { status: 415, title: 'That codec is not supported', fix: 'Set H.264 video and AAC audio in the encoder.' },
  INSP_MEDIA_RELOAD_INVALID: {
    status: 400,
    title: 'The playlist cannot be waited for like that',
    fix: 'Ask for the part or segment after the last one of the playlist, with `_HLS_msn` and `_HLS_part`.',
  },
  INSP_MEDIA_RELOAD_TOO_LATE: {
    status: 503,
    title: 'What was waited for did not come in time',
    fix: 'Ask again: the encoder may be away for a moment.',
  },
  INSP_MEDIA_TOO_MANY_WAITING: {
    status: 503,
    title: 'Too many requests wait for this show',
    fix: 'Put a cache that joins equal requests in front of the server.',
  },
  INSP_MEDIA_SOURCE_NOT_READY: {
    status: 409,
    title: 'That encoder cannot go on air now',
    fix: 'Start it with its own key and wait until the console says it is ready.',
  },
  INSP_MEDIA_NOT_ON_AIR: { status: 404, title: 'No picture yet', fix: 'Wait for the encoder.' },

  // recordings
  INSP_RECORDINGS_NOT_FOUND: { status: 404, title: 'There is no such recording', fix: 'It may not be ready, hidden or removed.' },
  INSP_RECORDINGS_NOT_READY: { status: 409, title: 'There is no finished replay', fix: 'Wait until the show has ended.' },
  INSP_RECORDINGS_TRIM_INVALID: {
    status: 422,
    title: 'The replay cannot be trimmed like that',
    fix: 'Choose a start and an end within it.',
  },
  INSP_RECORDINGS_TOO_MANY_FILES: { status: 429, title: 'Too many files are being made', fix: 'Wait until one of them is done.' },
  INSP_RECORDINGS_RANGE_INVALID: { status: 416, title: 'The file has no such bytes', fix: 'Ask for bytes within its length.' },
  // dialling out, restream
  INSP_OUTBOUND_ADDRESS_INVALID: {
    status: 422,
    title: 'That is no address to stream to',
    fix: 'Copy the server address of the platform, such as rtmps://a.rtmps.youtube.com/live2.',
  },
  INSP_OUTBOUND_ADDRESS_REFUSED: {
    status: 422,
    title: 'That address may not be dialled',
    fix: 'Use a public address at port 443, 1935 or 1936; an operator can allow more with INSP_OUTBOUND_ALLOW.',
  },
  INSP_OUTBOUND_UNRESOLVED: { status: 502, title: 'The name of the server was not found', fix: 'Check the address for a typing error.' },
  INSP_OUTBOUND_UNREACHABLE: { status: 502, title: 'The server does not answer', fix: 'Check the address and whether the platform is up.' },
  INSP_OUTBOUND_TLS_FAILED: {
    status: 502,
    title: 'The server has no valid certificate',
    fix: 'Check the address; use rtmp:// only for a server of your own.',
  },
  INSP_RESTREAM_TARGET_NOT_FOUND: { status: 404, title: 'No such restream target', fix: 'Load the list of targets again.' },
  INSP_RESTREAM_TOO_MANY_TARGETS: { status: 409, title: 'The show has all targets it can have', fix: 'Remove one; a show has at most 10.' },

  // copilot
  INSP_COPILOT_CUE_NOT_FOUND: { status: 404, title: 'No such cue', fix: 'It may have expired.' },
  INSP_INSIGHTS_QUESTION_NOT_FOUND: { status: 404, title: 'No such question', fix: 'It may be closed already.' },

  // running it
  INSP_CONFIG_UNKNOWN_SETTING: { status: 500, title: 'Unknown setting', fix: 'See the nearest known name in the message.' },
  INSP_CONFIG_INVALID_SETTING: { status: 500, title: 'A setting has a wrong value', fix: 'See `insp config`.' },
  INSP_CONFIG_PORT_TAKEN: { status: 500, title: 'A port is in use', fix: 'Stop what uses it, or choose another port.' },
  INSP_STORE_START_FAILED: { status: 500, title: 'The database did not start', fix: 'See the last lines of its log in the message.' },
  INSP_STORE_DATA_FOLDER_UNREACHABLE: {
    status: 500,
    title: 'The database user cannot reach the data folder',
    fix: 'Make the named folder readable, or choose another with INSP_DATA_DIR.',
  },
  INSP_STORE_IN_USE: {
    status: 500,
    title: 'Another Insp runs on this data folder',
    fix: 'Stop it first, or choose another folder with INSP_DATA_DIR.',
  },
  INSP_STORE_SCHEMA_NEWER: { status: 500, title: 'The database was made by a newer Insp', fix: 'Run that version, or restore a backup.' },
  INSP_STORE_SCHEMA_LOCKED: {
    status: 500,
    title: 'A long transaction is in the way of a change to the schema',
    fix: 'End it (see pg_stat_activity, oldest xact_start) and start again.',
  },
  INSP_STORE_UNAVAILABLE: { status: 503, title: 'The database cannot be reached', fix: 'Try again in a moment.' },
  INSP_AGGREGATES_REBUILD_RUNNING: {
    status: 409,
    title: 'The figures are being rebuilt already',
    fix: 'Wait for the other rebuild; one that was killed lets go after a minute.',
  },
  INSP_STORE_BUSY: { status: 503, title: 'Too many reads wait for the database', fix: 'Try again in a moment.' },
  INSP_CAPTURE_DISK_FULL: {
    status: 507,
    title: 'The disk is nearly full and keeps its rest for orders',
    fix: 'Free space in the data folder, or give it a larger disk.',
  },
  INSP_CAPTURE_OVERLOADED: { status: 503, title: 'Too many events at once', fix: 'Try again in a moment.' },
  INSP_CAPTURE_EVENT_TOO_OLD: {
    status: 422,
    title: 'The event belongs to a day that is no longer kept',
    fix: 'Nothing: whether it was counted before can no longer be told, so it is not counted.',
  },
  INSP_CAPTURE_EXPORT_BUSY: { status: 503, title: 'Too many exports at once', fix: 'Wait until one of them has ended.' },
  INSP_CAPTURE_EVENT_INVALID: { status: 422, title: 'The event does not fit its schema', fix: 'See `errors` for the place of each fault.' },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A refusal as it crosses the wire, over HTTP (problem+json) and sockets alike. */
export type WireError = {
  readonly code: ErrorCode;
  readonly title: string;
  readonly fix: string;
  readonly detail?: string;
  readonly retryAfterMs?: number;
};

/** Builds the wire form of a code. */
export function wireError(code: ErrorCode, more: { detail?: string; retryAfterMs?: number } = {}): WireError {
  const { title, fix } = ERROR_CODES[code];
  return { code, title, fix, ...more };
}
