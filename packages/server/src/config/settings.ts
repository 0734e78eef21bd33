// Every setting, once: its name in the environment, its type, its default and a sentence for people. The flag is
// the name in kebab case (INSP_HTTP_PORT -> --http-port). `insp config` prints this table with the values in force.
import * as z from 'zod';

type Setting<T extends z.ZodType> = { env: string; schema: T; default: z.output<T>; isSecret?: boolean; doc: string };

const setting = <T extends z.ZodType>(definition: Setting<T>): Setting<T> => definition;

const portSchema = z.coerce
  .number('must be a port number')
  .int('must be a port number')
  .min(0, 'must be 0 to 65535')
  .max(65_535, 'must be 0 to 65535');
const countSchema = (min: number, max: number) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const booleanSchema = z.union(
  [z.boolean(), z.enum(['true', 'false', '1', '0', '']).transform((text) => text !== 'false' && text !== '0')],
  'must be true or false',
);
const httpUrlSchema = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).transform((url) => new URL(url).origin);
const choiceSchema = <const T extends readonly [string, ...string[]]>(choices: T) =>
  z.enum(choices, `must be one of ${choices.join(', ')}`);

export const SETTINGS = {
  dataDir: setting({
    env: 'INSP_DATA_DIR',
    schema: z.string().min(1),
    default: './.insp',
    doc: 'Folder for the database, recordings, keys and logs of this installation.',
  }),
  httpHost: setting({
    env: 'INSP_HTTP_HOST',
    schema: z.string().min(1),
    default: '127.0.0.1',
    doc: 'Address the HTTP server listens on; 0.0.0.0 for all.',
  }),
  httpPort: setting({
    env: 'INSP_HTTP_PORT',
    schema: portSchema,
    default: 4600,
    doc: 'Port of the HTTP server: console, API, plug-in, video. 0 takes a free one.',
  }),
  publicUrl: setting({
    env: 'INSP_PUBLIC_URL',
    schema: httpUrlSchema.nullable(),
    default: null,
    doc: 'Where browsers reach Insp, e.g. https://live.shop.example. Default: http://localhost and the HTTP port. Cookies are Secure when this is https.',
  }),
  trustProxy: setting({
    env: 'INSP_TRUST_PROXY',
    schema: booleanSchema,
    default: false,
    doc: 'Believe X-Forwarded-For and -Proto: only behind a proxy that sets them.',
  }),
  requestsPerMin: setting({
    env: 'INSP_HTTP_REQUESTS_PER_MIN',
    schema: countSchema(10, 1_000_000),
    default: 6_000,
    doc: 'API requests one client address may make in a minute.',
  }),
  rtmpHost: setting({
    env: 'INSP_RTMP_HOST',
    schema: z.string().min(1),
    default: '127.0.0.1',
    doc: 'Address the RTMP server listens on; 0.0.0.0 to let encoders of other machines in.',
  }),
  rtmpPort: setting({
    env: 'INSP_RTMP_PORT',
    schema: portSchema,
    default: 1935,
    doc: 'Port for encoders such as OBS. 0 takes a free one.',
  }),
  rtmpsHost: setting({
    env: 'INSP_RTMPS_HOST',
    schema: z.string().min(1),
    default: '0.0.0.0',
    doc: 'Address the RTMPS server listens on, once it has a certificate.',
  }),
  rtmpsPort: setting({
    env: 'INSP_RTMPS_PORT',
    schema: portSchema,
    default: 1936,
    doc: 'Port for encoders over TLS (rtmps://). Used when both files below are given; people are then told this address. 0 takes a free one.',
  }),
  rtmpsCertFile: setting({
    env: 'INSP_RTMPS_CERT_FILE',
    schema: z.string().min(1).nullable(),
    default: null,
    doc: 'Certificate chain of RTMPS, PEM, for the name people type: INSP_RTMP_PUBLIC_HOST. Read again when it changes. It must be of a public authority: OBS drops a self-signed one without telling why.',
  }),
  rtmpsKeyFile: setting({
    env: 'INSP_RTMPS_KEY_FILE',
    schema: z.string().min(1).nullable(),
    default: null,
    doc: 'Private key of that certificate, PEM. Read again when it changes.',
  }),
  rtmpPublicHost: setting({
    env: 'INSP_RTMP_PUBLIC_HOST',
    schema: z.string().min(1).nullable(),
    default: null,
    doc: 'Host name shown to people for their encoder. Default: that of the public address.',
  }),
  mediaPartMs: setting({
    env: 'INSP_MEDIA_PART_MS',
    schema: choiceSchema(['333', '500', '1000']).transform(Number),
    default: 500,
    doc: 'About how long a part of the low-latency playlist is. 333 is a quarter of a second closer to live and half as many requests again, 1000 the other way round.',
  }),
  mediaLadder: setting({
    env: 'INSP_MEDIA_LADDER',
    schema: z.string().min(1),
    default: 'auto',
    doc: 'Smaller pictures made of the host’s by ffmpeg, for viewers with less bandwidth: auto makes 720, 480 and 360 as far as 0.4 of the cores go (about one full ladder for two cores), off makes none, a list such as 720,360 names the shorter sides, whatever the CPU.',
  }),
  mediaLadderThreads: setting({
    env: 'INSP_MEDIA_LADDER_THREADS',
    schema: countSchema(0, 64),
    default: 0,
    doc: 'Threads of each encoder of the ladder; 0 leaves it to x264.',
  }),
  ffmpeg: setting({ env: 'INSP_FFMPEG', schema: z.string().min(1), default: 'ffmpeg', doc: 'The ffmpeg program.' }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .nullable(),
    default: null,
    isSecret: true,
    doc: 'A Postgres (15 or later) to use. Default: one of our own in the data folder.',
  }),
  databaseMaxConnections: setting({
    env: 'INSP_DATABASE_MAX_CONNECTIONS',
    schema: countSchema(2, 500),
    default: 20,
    doc: 'Connections this process opens to the database at most.',
  }),
  keepEngagementDays: setting({
    env: 'INSP_KEEP_ENGAGEMENT_DAYS',
    schema: countSchema(0, 36_500),
    default: 90,
    doc: 'Days single engagement events (views, taps, reactions) stay in the event log; the figures made of them stay. 0 keeps them for ever.',
  }),
  keepChatDays: setting({
    env: 'INSP_KEEP_CHAT_DAYS',
    schema: countSchema(0, 36_500),
    default: 0,
    doc: 'The same for the events of chat messages. The archive of messages itself is another matter. 0 keeps them for ever.',
  }),
  keepMoneyDays: setting({
    env: 'INSP_KEEP_MONEY_DAYS',
    schema: countSchema(0, 36_500),
    default: 0,
    doc: 'The same for orders, moderation and the life of shows. 0 keeps them for ever.',
  }),
  keepReplayDays: setting({
    env: 'INSP_KEEP_REPLAY_DAYS',
    schema: countSchema(0, 36_500),
    default: 0,
    doc: 'Days after which a replay and its recording are removed. 0 keeps them until somebody removes them.',
  }),
  recordingsGigabytes: setting({
    env: 'INSP_RECORDINGS_GB',
    schema: countSchema(0, 1_000_000),
    default: 0,
    doc: 'Room for recordings, in GiB. A show for which there is none goes on without being recorded, and its host is told. 0: as much as the disk has, less its last GiB.',
  }),
  readUrls: setting({
    env: 'INSP_READ_URLS',
    schema: z.string().min(1).nullable(),
    default: null,
    isSecret: true,
    doc: 'Replicas of the database to read from, with commas between: postgres:// addresses; `?insp_kind=endpoint` marks a proxy before several, `?insp_kind=global_endpoint` one with global consistency. Nobody sees less than what they just did. Default: all reads on the primary.',
  }),
  readUrlsFile: setting({
    env: 'INSP_READ_URLS_FILE',
    schema: z.string().min(1).nullable(),
    default: null,
    doc: 'A file with such addresses instead, one a line, # before remarks. Read again when it changes: replicas come and go while Insp runs.',
  }),
  secret: setting({
    env: 'INSP_SECRET',
    schema: z.string().min(32, 'must have at least 32 characters').nullable(),
    default: null,
    isSecret: true,
    doc: 'Signs cookies and tokens and seals secrets at rest; the same for all processes on one database. Default: made on the first start and kept in the data folder.',
  }),
  registration: setting({
    env: 'INSP_REGISTRATION',
    schema: choiceSchema(['open', 'invited']),
    default: 'open',
    doc: 'Who may make an account: anybody who reaches the console (each sees the own organizations only), or invited addresses.',
  }),
  organizationName: setting({
    env: 'INSP_ORGANIZATION',
    schema: z.string().trim().min(1).max(80),
    default: 'My shop',
    doc: 'Name of the organization made on the first start of an empty installation.',
  }),
  ownerEmail: setting({
    env: 'INSP_OWNER_EMAIL',
    schema: z.email('must be an e-mail address'),
    default: 'owner@insp.localhost',
    doc: 'Its owner, who gets a one-time password on the first start.',
  }),
  allowLocalFeeds: setting({
    env: 'INSP_ALLOW_LOCAL_FEEDS',
    schema: booleanSchema,
    default: false,
    doc: 'Let product feeds be read from this machine too, over http. For development; the demo sets it.',
  }),
  outboundAllow: setting({
    env: 'INSP_OUTBOUND_ALLOW',
    schema: z.string().min(1).nullable(),
    default: null,
    doc: 'What restream targets may be beyond public addresses at port 443, 1935 and 1936: a comma list of address ranges (any port) and ports, e.g. 10.0.0.0/8, :8080.',
  }),
  roles: setting({
    env: 'INSP_ROLES',
    schema: z.string().min(1),
    default: 'all',
    doc: 'What this process does: all, or a comma list of api, realtime, media, dataflow, worker.',
  }),
  shedLevel: setting({
    env: 'INSP_SHED_LEVEL',
    schema: choiceSchema(['auto', '0', '1', '2', '3', '4']),
    default: 'auto',
    doc: 'How much load is shed: auto as measured, or a level held whatever is measured, for a rehearsal (0 sheds nothing). See docs/reference/pressure.md.',
  }),
  shedThresholds: setting({
    env: 'INSP_SHED_THRESHOLDS',
    schema: z.string().min(1).nullable(),
    default: null,
    doc: 'Other thresholds of the shed levels, e.g. loopLagMs=300/600/1200/2400,diskUsedRatio=0.7/0.8/never/never.',
  }),
  logLevel: setting({
    env: 'INSP_LOG_LEVEL',
    schema: choiceSchema(['error', 'warn', 'info', 'debug']),
    default: 'info',
    doc: 'Least urgent level that is written.',
  }),
  logFormat: setting({
    env: 'INSP_LOG_FORMAT',
    schema: choiceSchema(['text', 'json']),
    default: 'text',
    doc: 'One readable line, or one JSON object, for each entry.',
  }),
  empty: setting({
    env: 'INSP_EMPTY',
    schema: booleanSchema,
    default: false,
    doc: 'Start without the demo: no demo shop, no synthetic encoder, no simulated shoppers.',
  }),
  demoShopPort: setting({
    env: 'INSP_DEMO_SHOP_PORT',
    schema: portSchema,
    default: 4700,
    doc: 'Port of the demo shop. 0 takes a free one.',
  }),
  demoViewers: setting({
    env: 'INSP_DEMO_VIEWERS',
    schema: countSchema(0, 2_000),
    default: 40,
    doc: 'Simulated shoppers of the demo; 0 for none.',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { -readonly [N in SettingName]: z.output<(typeof SETTINGS)[N]['schema']> };

/** `INSP_HTTP_PORT` -> `--http-port`, `DATABASE_URL` -> `--database-url`. */
export function flagOf(name: SettingName): string {
  return `--${SETTINGS[name].env
    .replace(/^INSP_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
}
