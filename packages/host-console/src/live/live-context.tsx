// What every part of the live page needs: the show, the room, the acts, who I am. Given once at the top.
import type { RoomStore } from '@insp/client';
import type { OrganizationSettings, Permission, Show } from '@insp/protocol';
import { createContext, useContext } from 'react';
import type { RoomState } from './room-state.ts';
import type { Acts } from './use-acts.ts';

export type LiveContext = {
  readonly show: Show;
  readonly room: RoomState;
  readonly acts: Acts;
  readonly chat: RoomStore;
  readonly organization: OrganizationSettings | null;
  readonly isOnline: boolean;
  can(permission: Permission): boolean;
};

const Context = createContext<LiveContext | null>(null);
export const LiveProvider = Context.Provider;

export function useLive(): LiveContext {
  const live = useContext(Context);
  if (!live) throw new Error('useLive outside of the live page');
  return live;
}
