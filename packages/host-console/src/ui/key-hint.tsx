import { Kbd } from '@mantine/core';

/** The key of an act, inside its button; hidden where there is no keyboard. */
export function KeyHint({ letter }: { letter: string }) {
  return (
    <Kbd size="xs" className="key-hint" aria-hidden="true">
      {letter}
    </Kbd>
  );
}
