// A warning that must be seen by who looks elsewhere: the tab's title, and a notice of the system where the person
// has allowed them.
import type { AutoEndWarning } from '@insp/protocol';
import { useEffect } from 'react';

export function useAlarm(warning: AutoEndWarning | null, title: string): void {
  const key = warning === null ? null : `${warning.cause} ${warning.isLast}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each warning, not for each new number in it
  useEffect(() => {
    if (warning === null || document.visibilityState === 'visible') return;
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const notice = new Notification(title, { body: warning.sentence, tag: 'insp-auto-end', requireInteraction: true });
    notice.addEventListener('click', () => window.focus());
    return () => notice.close();
  }, [key]);
}
