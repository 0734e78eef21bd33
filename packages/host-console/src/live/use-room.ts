// One room for one page: opened when the page comes, closed when it goes.
import { createRoomClient, createRoomStore, type RoomStore } from '@insp/client';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { endHighlight, openConsoleSession, startHighlight } from '../api/shows.ts';
import { createHostRoom, type HostRoom, type RoomView } from './host-room.ts';

const after = (delayMs: number, work: () => void) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};
const clock = { nowMs: () => Date.now(), after };
const random = { float: () => Math.random() };

export type UsedRoom = { host: HostRoom; chat: RoomStore; view: RoomView; tellPresence: () => void };

export function useRoom(showId: string): UsedRoom {
  const opened = useMemo(() => {
    const client = createRoomClient({ session: () => openConsoleSession(showId), WebSocket, clock, random });
    const chat = createRoomStore({ client, clock, random });
    const highlights = { show: (productId: string) => startHighlight(showId, productId), hide: (id: string) => endHighlight(showId, id) };
    // Offline there is nobody to tell; the next sign of a hand tells again.
    const tellPresence = () => void client.request('tell_presence', {}).catch(() => {});
    return { client, chat, tellPresence, host: createHostRoom({ client, store: chat, highlights, nowMs: clock.nowMs, after }) };
  }, [showId]);
  useEffect(() => {
    const { client } = opened;
    const retry = () => client.retryNow();
    client.start();
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', retry);
    return () => {
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', retry);
      client.stop();
    };
  }, [opened]);
  const view = useSyncExternalStore(opened.host.subscribe, opened.host.view);
  return { host: opened.host, chat: opened.chat, view, tellPresence: opened.tellPresence };
}
