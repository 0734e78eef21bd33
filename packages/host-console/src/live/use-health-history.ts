// The hour behind the health panel: read once when it opens, then the room's own news on top.
import type { HealthHistory, StreamHealth } from '@insp/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { queryKeys } from '../api/query-keys.ts';
import { readStreamHealth } from '../api/shows.ts';
import { withHealth } from './health-rows.ts';

const EMPTY: HealthHistory = { names: [], points: [] };

export function useHealthHistory(showId: string, health: StreamHealth): HealthHistory {
  const report = useQuery({ queryKey: queryKeys.streamHealth(showId), queryFn: () => readStreamHealth(showId), staleTime: 0, gcTime: 0 });
  const [history, setHistory] = useState(EMPTY);
  const read = report.data?.history;
  useEffect(() => {
    if (read) setHistory(read);
  }, [read]);
  useEffect(() => setHistory((before) => withHealth(before, health)), [health]);
  return history;
}
