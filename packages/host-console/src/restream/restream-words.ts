// What a restream target is doing, in the words of somebody who runs a show: one word, one sentence with what to do, and
// whether it needs anybody. Pure.
import {
  PLATFORM_RULES,
  type RestreamPlatform,
  type RestreamReason,
  type RestreamState,
  type RestreamTarget,
  type StreamHealth,
} from '@insp/protocol';
import { bitrateText, countText, plural, spanText, timerText } from '../ui/format.ts';

export type TargetWords = {
  readonly word: string;
  readonly sentence: string;
  /** `live` is red, `act` amber, the rest says nothing by colour. */
  readonly tone: 'live' | 'act' | 'busy' | 'calm';
  /** What a press does now. */
  readonly act: 'start' | 'stop';
};

const WORD: Record<RestreamState, string> = {
  idle: 'Off',
  resolving: 'Connecting',
  connecting: 'Connecting',
  handshaking: 'Connecting',
  publishing: 'Connecting',
  live: 'On air',
  degraded: 'Too slow',
  backoff: 'Trying again',
  failed: 'Stopped',
  ended: 'Ended',
};

const WHY: Record<RestreamReason, string> = {
  not_started: 'Starts when you start it.',
  waits_for_show: 'Goes on air with the show.',
  waits_for_encoder: 'Waits for your picture.',
  show_on_air: 'The server is being called.',
  started_by_host: 'The server is being called.',
  stopped_by_host: 'You stopped it.',
  changed_by_host: 'Its address or key was changed.',
  show_ended: 'The show is over.',
  server_stopping: 'Insp is being restarted.',
  next_try: 'The server is being called again.',
  name_resolved: 'The server is being called.',
  connection_made: 'The server has answered.',
  key_sent: 'The platform is checking the key.',
  picture_sent: '',
  too_slow: 'The line to it is too slow: some pictures are left out. The others are not affected.',
  caught_up: '',
  stalled: 'It stopped taking the picture.',
  name_unresolved: 'There is no server of that name: check the address.',
  unreachable: 'The server does not answer: check the address.',
  tls_failed: 'Its certificate is not valid: check the address.',
  no_answer: 'The server took the call and said nothing.',
  connection_lost: 'The connection broke.',
  hung_up_on_key: 'It hangs up when it gets the key: check the key, and that the event is open there.',
  protocol_broken: 'What answers there speaks no RTMP: check the address.',
  address_refused: 'This address may not be called. Use a public server address, or ask your operator.',
  key_rejected: 'It refuses the key: copy it anew from the platform.',
  key_in_use: 'Somebody else is sending with this key: stop them, or make a new key.',
  login_required: 'It wants a user name and password, which RTMP targets here do not have. Use an address with a key.',
  address_rejected: 'It does not know the path of this address: copy the address anew.',
  publish_refused: 'It refuses the stream: check the key, and that the event is open there.',
  stopped_by_platform: 'The platform ended the stream.',
};

const isOnAir = ({ state }: RestreamTarget['status']) => state === 'live' || state === 'degraded';

export function targetWords({ status, mode }: RestreamTarget, nowMs: number): TargetWords {
  const { state, reason, detail, nextTryAt, liveSince, bitrateBitsPerSec, droppedFrameCount } = status;
  const isResting = state === 'idle' || state === 'failed' || state === 'ended';
  const act = isResting && !(state === 'idle' && mode === 'on') ? 'start' : 'stop';
  const words = { word: WORD[state], act } as const;
  if (state === 'live') {
    const rate = bitrateBitsPerSec === null ? '' : `, ${bitrateText(bitrateBitsPerSec)}`;
    const lost = droppedFrameCount === 0 ? '' : ` ${countText(droppedFrameCount)} ${plural(droppedFrameCount, 'picture')} left out so far.`;
    return { ...words, tone: 'live', sentence: `${timerText(nowMs - (liveSince ?? nowMs))}${rate}.${lost}` };
  }
  if (state === 'idle' && (reason === 'waits_for_show' || reason === 'waits_for_encoder'))
    return { ...words, word: 'Ready', tone: 'calm', sentence: WHY[reason] };
  if (state === 'publishing' && reason === 'waits_for_encoder') return { ...words, word: 'Connected', tone: 'calm', sentence: WHY[reason] };
  if (state === 'backoff') {
    const inMs = Math.max(0, (nextTryAt ?? nowMs) - nowMs);
    return { ...words, tone: 'act', sentence: `${WHY[reason]} Next try ${inMs < 1_000 ? 'now' : `in ${spanText(inMs)}`}.` };
  }
  const said = detail === '' ? '' : ` It says: “${detail}”.`;
  if (state === 'failed') return { ...words, tone: 'act', sentence: `${WHY[reason]}${said}` };
  if (state === 'degraded') return { ...words, tone: 'act', sentence: WHY[reason] };
  return { ...words, tone: isResting ? 'calm' : 'busy', sentence: WHY[reason] };
}

export type TargetsSummary = { readonly text: string; readonly tone: 'calm' | 'act' };

/** All targets in one line: trouble first, by name; else on how many it is. */
export function targetsSummary(targets: readonly RestreamTarget[], nowMs: number): TargetsSummary {
  const troubled = targets.filter((target) => targetWords(target, nowMs).tone === 'act');
  const [first] = troubled;
  if (first !== undefined) {
    const more = troubled.length > 1 ? ` (+${troubled.length - 1})` : '';
    return { tone: 'act', text: `${first.name}: ${targetWords(first, nowMs).word.toLowerCase()}${more}` };
  }
  const onAirCount = targets.filter(({ status }) => isOnAir(status)).length;
  if (onAirCount > 0)
    return {
      tone: 'calm',
      text:
        onAirCount === targets.length
          ? `On ${onAirCount} ${plural(onAirCount, 'platform')}`
          : `On ${onAirCount} of ${targets.length} platforms`,
    };
  return { tone: 'calm', text: targets.length === 0 ? 'Restream' : `${targets.length} ${plural(targets.length, 'platform')}` };
}

const sec = (ms: number) => (ms / 1000).toFixed(1).replace(/\.0$/, '');
const mbit = (bitsPerSec: number) => `${sec(bitsPerSec / 1000)} Mbit/s`;

/** What a platform asks, for the form: short, in the units OBS uses. */
export function platformRules(platform: RestreamPlatform): string[] {
  const { maxKeyFrameIntervalMs, minBitsPerSec, maxBitsPerSec, maxHeightPx, maxDurationMs, isTlsRequired, isVertical, isKeyForOneShow } =
    PLATFORM_RULES[platform];
  return [
    'H.264 and AAC',
    ...(maxKeyFrameIntervalMs === null ? [] : [`key frame every 2 s, at most ${sec(maxKeyFrameIntervalMs)} s`]),
    ...(minBitsPerSec === null || maxBitsPerSec === null
      ? []
      : [`${mbit(minBitsPerSec).replace(' Mbit/s', '')} to ${mbit(maxBitsPerSec)}`]),
    ...(maxHeightPx === null ? [] : [`up to ${maxHeightPx}p`]),
    ...(isVertical ? ['upright picture, 9:16'] : []),
    ...(maxDurationMs === null ? [] : [`at most ${spanText(maxDurationMs)}`]),
    ...(isTlsRequired ? ['rtmps only'] : []),
    ...(isKeyForOneShow ? ['the key is good for one show'] : []),
  ];
}

/** Rules the stream breaks now, each with what to do. `liveMs`: how long the target has been on air. */
export function brokenRules(target: Pick<RestreamTarget, 'platform' | 'url'>, health: StreamHealth | null, liveMs: number): string[] {
  const { name, ...rules } = PLATFORM_RULES[target.platform];
  const found: string[] = [];
  if (rules.isTlsRequired && !/^rtmps:/i.test(target.url)) found.push(`${name} takes rtmps:// addresses only.`);
  if (rules.maxDurationMs !== null && rules.maxDurationMs - liveMs < 15 * 60_000)
    found.push(
      `${name} ends a stream after ${spanText(rules.maxDurationMs)}: that is in ${spanText(Math.max(0, rules.maxDurationMs - liveMs))}.`,
    );
  if (health === null || health.status === 'no_encoder') return found;
  const { keyFrameIntervalMs, bitrateBitsPerSec, widthPx, heightPx } = health;
  if (rules.maxKeyFrameIntervalMs !== null && keyFrameIntervalMs !== null && keyFrameIntervalMs > rules.maxKeyFrameIntervalMs)
    found.push(
      `Key frames are ${sec(keyFrameIntervalMs)} s apart, ${name} takes ${sec(rules.maxKeyFrameIntervalMs)} s: set the keyframe interval to 2 s in OBS.`,
    );
  if (rules.maxBitsPerSec !== null && bitrateBitsPerSec !== null && bitrateBitsPerSec > rules.maxBitsPerSec * 1.1)
    found.push(
      `${mbit(Math.round(bitrateBitsPerSec / 1e5) * 1e5)} is more than ${name} takes: set the bitrate to ${bitrateText(rules.maxBitsPerSec)}.`,
    );
  const shortPx = widthPx !== null && heightPx !== null ? Math.min(widthPx, heightPx) : null;
  if (rules.maxHeightPx !== null && shortPx !== null && shortPx > rules.maxHeightPx)
    found.push(`${name} takes ${rules.maxHeightPx}p at most: set the output size to 1920 × 1080.`);
  if (rules.isVertical && widthPx !== null && heightPx !== null && widthPx > heightPx)
    found.push(`${name} shows an upright picture: yours lies on its side and gets bars.`);
  return found;
}
