import { useEffect } from 'react';

/** Names the tab; screen readers hear it on every change of page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Insp`;
  }, [title]);
}
