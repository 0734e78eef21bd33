// What the loader hands to the player chunk, and what it gets back. The loader is small and always there; the
// chunk comes when it is needed.
import type { EmbedEvent, ErrorCode, PlayerHandle } from '@insp/protocol';
import type { DeepLink } from './deep-link.ts';
import type { ResumeRecord, ResumeStore } from './resume-record.ts';
import type { Settings } from './settings.ts';
import type { ShopHub } from './shop-hub.ts';

export type EmbedCode = Extract<ErrorCode, `INSP_EMBED_${string}` | `INSP_SHOWS_NOT_${string}`> | ErrorCode;

/** Something the shop developer must know. The browser console gets all of it, the shopper a calm sentence. */
export type Problem = {
  readonly code: EmbedCode;
  /** What exactly: the handler's name, the blocked address. */
  readonly detail?: string;
  /** The show cannot be shown at all. */
  readonly isFatal: boolean;
  readonly cause?: unknown;
};

export type PlayerSite = {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly hub: ShopHub;
  readonly resumeStore: ResumeStore;
  /** Origin and path of Insp, e.g. `https://insp.example/`. */
  readonly apiBaseUrl: string;
  readonly settings: Settings;
  readonly deepLink: DeepLink | null;
  readonly resume: ResumeRecord | null;
  /** The shopper's visit of this page began here, for the time to the first picture. */
  readonly startedAtMs: number;
  report(problem: Problem): void;
  emit(event: EmbedEvent): void;
  /** Says whether the page's policy blocked something of ours, so that a failed fetch can be named rightly. */
  wasBlockedByPolicy(): boolean;
};

export type MountedPlayer = {
  readonly handle: PlayerHandle;
  changeSettings(settings: Settings): void;
  unmount(): void;
};

/** The one export of the player chunk. */
export type PlayerModule = { mountPlayer(site: PlayerSite): MountedPlayer };
