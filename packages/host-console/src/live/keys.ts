// Every live act has a key; `?` lists them. One letter each, never while somebody types. Page up and down are what foot
// pedals send, so they take and skip in glance mode.
export type KeyAct =
  | 'help'
  | 'glance'
  | 'moderator'
  | 'producer'
  | 'next'
  | 'hide'
  | 'take_cue'
  | 'skip_cue'
  | 'write'
  | 'undo'
  | { readonly showNumber: number };

export const KEY_LIST: readonly { readonly keys: string; readonly words: string }[] = [
  { keys: 'N', words: 'Show the next product' },
  { keys: 'H', words: 'Hide what is on display' },
  { keys: '1 – 9', words: 'Show that line of the line-up' },
  { keys: 'T', words: 'Take the first cue (Page up in glance mode)' },
  { keys: 'X', words: 'Skip the first cue (Page down in glance mode)' },
  { keys: 'Z', words: 'Undo the last act' },
  { keys: 'C', words: 'Write to the room' },
  { keys: 'G', words: 'Glance mode, and back' },
  { keys: 'M', words: 'Moderator mode' },
  { keys: 'P', words: 'Producer mode' },
  { keys: '?', words: 'Show these keys' },
];

const letters: Record<string, KeyAct> = {
  '?': 'help',
  g: 'glance',
  m: 'moderator',
  p: 'producer',
  n: 'next',
  h: 'hide',
  t: 'take_cue',
  x: 'skip_cue',
  c: 'write',
  z: 'undo',
};

export type KeyPress = { readonly key: string; readonly hasModifier: boolean; readonly isTyping: boolean; readonly isGlance: boolean };

/** What a key press asks for; null when it is not ours. */
export function keyAct({ key, hasModifier, isTyping, isGlance }: KeyPress): KeyAct | null {
  if (hasModifier || isTyping) return null;
  if (isGlance && key === 'PageUp') return 'take_cue';
  if (isGlance && key === 'PageDown') return 'skip_cue';
  if (/^[1-9]$/.test(key)) return { showNumber: Number(key) };
  return letters[key.toLowerCase()] ?? null;
}
