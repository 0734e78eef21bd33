// The incoming picture, muted: what the camera sends, also before anybody else sees it.
import { ActionIcon, Tooltip } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../ui/icons.tsx';
import { useLive } from './live-context.tsx';
import classes from './preview.module.css';

/** After a fatal error the picture is tried again this often, for as long as the page is open. */
const RETRY_MS = 3_000;

type PictureState = 'waiting' | 'playing' | 'failed';

export function Preview() {
  const { show, room } = useLive();
  const url = room.playlistUrl ?? show.previewPlaylistUrl;
  const isExpected = room.showState !== 'encoder_lost' && room.health?.status !== 'no_encoder';
  const [isMuted, setIsMuted] = useState(true);
  const { video, state } = usePicture(isExpected ? url : null);
  return (
    <section className={classes.preview} data-area="preview" style={{ gridArea: 'preview' }} aria-label="Preview">
      <video ref={video} className={classes.video} muted={isMuted} playsInline autoPlay data-state={state} />
      {state === 'playing' ? (
        <Tooltip label={isMuted ? 'Hear it here' : 'Mute it here'}>
          <ActionIcon
            className={classes.sound}
            size="lg"
            onClick={() => setIsMuted(!isMuted)}
            aria-pressed={!isMuted}
            aria-label="Hear the picture here"
          >
            {isMuted ? <SoundOff /> : <SoundOn />}
          </ActionIcon>
        </Tooltip>
      ) : (
        <div className={classes.empty}>
          <Icon name="eyeOff" sizePx={20} />
          <p>{isExpected && url ? 'The picture is on its way' : 'No picture'}</p>
          <p className="muted">{isExpected && url ? '' : 'Press Start Streaming in OBS'}</p>
        </div>
      )}
    </section>
  );
}

function usePicture(url: string | null) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<PictureState>('waiting');
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is the reason to start over
  useEffect(() => {
    const element = video.current;
    setState('waiting');
    if (!element || url === null) return;
    let destroy = () => {};
    let isOver = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const onPlaying = () => setState('playing');
    element.addEventListener('playing', onPlaying);
    // hls.js is asked for first on purpose: Chromium answers "maybe" to native HLS and then fails (dependencies.md 3.3).
    void import('hls.js').then(({ default: Hls }) => {
      if (isOver) return;
      if (!Hls.isSupported()) {
        element.src = url;
        return;
      }
      const hls = new Hls({ liveSyncDurationCount: 2, backBufferLength: 10, enableDateRangeMetadataCues: false });
      hls.on(Hls.Events.ERROR, (_, error) => {
        if (!error.fatal || isOver) return;
        setState('failed');
        retry = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      });
      hls.loadSource(url);
      hls.attachMedia(element);
      hls.on(Hls.Events.MANIFEST_PARSED, () => void element.play().catch(() => setState('failed')));
      destroy = () => hls.destroy();
    });
    return () => {
      isOver = true;
      clearTimeout(retry);
      element.removeEventListener('playing', onPlaying);
      destroy();
    };
  }, [url, attempt]);
  return { video, state };
}

const SoundOff = () => (
  <svg
    width="18"
    height="18"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    aria-hidden="true"
  >
    <path d="M4 8v4h2.500l3.500 3V5L6.500 8H4zM13 8.500l3.500 3M16.500 8.500l-3.500 3" />
  </svg>
);
const SoundOn = () => (
  <svg
    width="18"
    height="18"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.600"
    strokeLinecap="round"
    aria-hidden="true"
  >
    <path d="M4 8v4h2.500l3.500 3V5L6.500 8H4zM13 7.500a3.500 3.500 0 0 1 0 5M15 5.500a6.500 6.500 0 0 1 0 9" />
  </svg>
);
