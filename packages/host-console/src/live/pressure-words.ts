// What a server under pressure is to say to somebody who runs a show: one sentence, and behind it what is given up and
// what is not. Pure. Nothing is said at level 0.
import type { PressureStatus, ShedLevel } from '@insp/protocol';
import { timeText } from '../ui/format.ts';

export type PressureWords = {
  readonly sentence: string;
  /** `act` where somebody should do something about it. */
  readonly tone: 'calm' | 'act';
  readonly givenUp: readonly string[];
  readonly whatToDo: string;
};

/** Each level in a few words; the ones below hold too. */
const IN_SHORT: Record<Exclude<ShedLevel, 0>, string> = {
  1: 'Some counts are sampled',
  2: 'Counts are sampled',
  3: 'The chat is slowed down',
  4: 'New viewers wait',
};

const GIVEN_UP: readonly [level: ShedLevel, sentence: string][] = [
  [1, 'How the player fares is counted from every fourth report; viewers at once are read every 40 s.'],
  [2, 'Impressions and clicks are counted from every eighth; reactions reach the room once a second.'],
  [3, 'Viewers see ten chat lines a second and hear of changes once a second. You see every line.'],
  [4, 'Who is here stays. Who comes now sees the video and the products, and joins the room a little later.'],
];

/** Null when there is nothing to say. */
export function pressureWords(status: PressureStatus | null, locale?: string): PressureWords | null {
  if (status === null) return null;
  const { level, isForced, disk } = status;
  const since = timeText(status.sinceMs, locale);
  if (disk !== 'open') {
    return {
      sentence:
        disk === 'money_only'
          ? 'The disk is full: orders go on, chat and counts stand still'
          : 'The disk is nearly full: counts stand still',
      tone: 'act',
      givenUp: GIVEN_UP.filter(([from]) => from <= level).map(([, sentence]) => sentence),
      whatToDo: 'Ask your operator to free space in the data folder of the server, now.',
    };
  }
  if (level === 0) return null;
  return {
    sentence: `${IN_SHORT[level]}, level ${level} ${isForced ? 'held by your operator' : `since ${since}`}`,
    tone: level === 4 ? 'act' : 'calm',
    givenUp: GIVEN_UP.filter(([from]) => from <= level).map(([, sentence]) => sentence),
    whatToDo: isForced
      ? `A rehearsal, since ${since}: your operator set this level.`
      : level === 4
        ? 'Tell your operator: this server is at its limit. It recovers by itself when the rush is over.'
        : 'Nothing to do: the server protects the picture and the orders, and goes back by itself.',
  };
}
