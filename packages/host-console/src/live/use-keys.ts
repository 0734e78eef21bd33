import { useEffect, useRef } from 'react';
import { type KeyAct, keyAct } from './keys.ts';

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]';

/** Listens for the keys of the live page while it is on screen. */
export function useKeys(isGlance: boolean, onAct: (act: KeyAct) => void): void {
  const latest = useRef(onAct);
  latest.current = onAct;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const act = keyAct({
        key: event.key,
        hasModifier: event.ctrlKey || event.metaKey || event.altKey,
        isTyping: target?.closest(TYPING) !== null && target !== null,
        isGlance,
      });
      if (act === null || event.defaultPrevented) return;
      event.preventDefault();
      latest.current(act);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [isGlance]);
}
