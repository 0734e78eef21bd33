// How numbers and times read in the console. Pure: the locale and the instant are arguments.

/** `00:42:17`; hours always, so that a live clock never changes width. */
export function clockText(durationMs: number): string {
  const totalSec = Math.max(0, Math.floor(durationMs / 1000));
  return [Math.floor(totalSec / 3600), Math.floor(totalSec / 60) % 60, totalSec % 60].map(two).join(':');
}

/** `04:12`, or `1:04:12` from an hour on. */
export function timerText(durationMs: number): string {
  const totalSec = Math.max(0, Math.floor(durationMs / 1000));
  const hours = Math.floor(totalSec / 3600);
  const rest = [Math.floor(totalSec / 60) % 60, totalSec % 60].map(two).join(':');
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** `now`, `40 s`, `12 min`, `3 h`, `5 d`: how long ago, in one unit. */
export function agoText(durationMs: number): string {
  const sec = Math.max(0, Math.floor(durationMs / 1000));
  if (sec < 10) return 'now';
  if (sec < 60) return `${sec} s`;
  if (sec < 3_600) return `${Math.floor(sec / 60)} min`;
  if (sec < 86_400) return `${Math.floor(sec / 3_600)} h`;
  return `${Math.floor(sec / 86_400)} d`;
}

/** `45 s`, `4 min 12 s`, `1 h 2 min`, `38 h`: a length of time, in at most two units. */
export function spanText(durationMs: number): string {
  const totalSec = Math.round(Math.max(0, durationMs) / 1000);
  const [hours, minutes, sec] = [Math.floor(totalSec / 3600), Math.floor(totalSec / 60) % 60, totalSec % 60];
  if (hours >= 24) return `${countText(hours)} h`;
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  if (minutes > 0) return sec === 0 ? `${minutes} min` : `${minutes} min ${sec} s`;
  return `${sec} s`;
}

export const countText = (count: number, locale = 'en'): string => new Intl.NumberFormat(locale).format(count);

/** `61 %`, or `-` where nothing can be divided. */
export function shareText(part: number, whole: number): string {
  return whole <= 0 ? '–' : `${Math.round((part / whole) * 100)} %`;
}

/** `4.2 %` with one decimal: rates in reports. */
export function rateText(part: number, whole: number): string {
  return whole <= 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`;
}

export function dateTimeText(epochMs: number, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    epochMs,
  );
}

/** With seconds: for traces. */
export function exactTimeText(epochMs: number, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(epochMs);
}

export function dateText(epochMs: number, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(epochMs);
}

export function timeText(epochMs: number, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(epochMs);
}

/** What `<input type="datetime-local">` wants, in the reader's own zone. */
export function localInputText(epochMs: number): string {
  const date = new Date(epochMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `4,000 kbit/s`. */
export const bitrateText = (bitsPerSec: number): string => `${countText(Math.round(bitsPerSec / 1000))} kbit/s`;

export const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);

const two = (value: number) => String(value).padStart(2, '0');
