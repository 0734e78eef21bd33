// A replay in a media element: hls.js, the position as it plays, and where to go.
import { type RefObject, useEffect, useRef, useState } from 'react';

/** After a fatal error the picture is tried again this often. */
const RETRY_MS = 3_000;

export type ReplayVideo = {
  readonly ref: RefObject<HTMLVideoElement | null>;
  readonly positionMs: number;
  readonly isPlaying: boolean;
  readonly hasFailed: boolean;
  seek(positionMs: number): void;
  toggle(): void;
};

export function useReplayVideo(url: string | null): ReplayVideo {
  const ref = useRef<HTMLVideoElement>(null);
  const [positionMs, setPositionMs] = useState(0);
  const [isPlaying, setIsPlaying] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    const tell = () => setPositionMs(video.currentTime * 1_000);
    const play = () => setIsPlaying(!video.paused);
    for (const type of ['timeupdate', 'seeking', 'seeked']) video.addEventListener(type, tell);
    for (const type of ['play', 'pause', 'ended']) video.addEventListener(type, play);
    return () => {
      for (const type of ['timeupdate', 'seeking', 'seeked']) video.removeEventListener(type, tell);
      for (const type of ['play', 'pause', 'ended']) video.removeEventListener(type, play);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is the reason to start over
  useEffect(() => {
    const video = ref.current;
    setHasFailed(false);
    if (!video || url === null) return;
    let destroy = () => {};
    let isOver = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    // hls.js is asked for first on purpose: Chromium answers "maybe" to native HLS and then fails (dependencies.md 3.3).
    void import('hls.js').then(({ default: Hls }) => {
      if (isOver) return;
      if (!Hls.isSupported()) {
        video.src = url;
        return;
      }
      const hls = new Hls({ maxBufferLength: 15, backBufferLength: 30, enableDateRangeMetadataCues: false });
      hls.on(Hls.Events.ERROR, (_, error) => {
        if (!error.fatal || isOver) return;
        setHasFailed(true);
        retry = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      });
      hls.loadSource(url);
      hls.attachMedia(video);
      destroy = () => hls.destroy();
    });
    return () => {
      isOver = true;
      clearTimeout(retry);
      destroy();
    };
  }, [url, attempt]);

  return {
    ...{ ref, positionMs, isPlaying, hasFailed },
    seek(toMs) {
      if (ref.current) ref.current.currentTime = toMs / 1_000;
      setPositionMs(toMs);
    },
    toggle() {
      const video = ref.current;
      if (!video) return;
      if (video.paused) void video.play().catch(() => {});
      else video.pause();
    },
  };
}
