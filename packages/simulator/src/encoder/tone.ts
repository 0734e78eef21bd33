// A soft music box in the background: one plucked note of a pentatonic scale now and then, quiet enough to talk over.
// Pure: sample numbers in, 16-bit samples out, so that it goes on without a click after a reconnect.
import { createSeeded } from '../plan/seeded.ts';
import { AUDIO } from './canvas-size.ts';

const SCALE_HZ = [220, 246.94, 277.18, 329.63, 369.99, 440, 493.88, 554.37];
const NOTE_GAP_SEC = 1.6;
const DECAY_SEC = 1.1;
const PEAK = 1_500; // of 32,767: about -27 dB

/** Frequency of the n-th note; some are rests. */
export function noteHz(note: number): number | null {
  const random = createSeeded(`tone/${note}`);
  return random.chance(0.22) ? null : random.pick(SCALE_HZ);
}

/** Fills `into` with the samples from `firstSample` on. */
export function writeTone(into: Int16Array, firstSample: number): void {
  let cachedNote = -1;
  let hz: number | null = null;
  let lastHz: number | null = null;
  for (let index = 0; index < into.length; index += 1) {
    const second = (firstSample + index) / AUDIO.samplesPerSec;
    const note = Math.floor(second / NOTE_GAP_SEC);
    if (note !== cachedNote) {
      cachedNote = note;
      hz = noteHz(note);
      lastHz = note > 0 ? noteHz(note - 1) : null;
    }
    const age = second - note * NOTE_GAP_SEC;
    into[index] = Math.round(PEAK * (pluck(hz, age) + pluck(lastHz, age + NOTE_GAP_SEC)));
  }
}

function pluck(hz: number | null, ageSec: number): number {
  if (hz === null) return 0;
  const attack = Math.min(1, ageSec / 0.012);
  const angle = 2 * Math.PI * hz * ageSec;
  return attack * Math.exp(-ageSec / DECAY_SEC) * (0.8 * Math.sin(angle) + 0.2 * Math.sin(2 * angle) * Math.exp(-ageSec * 3));
}
