// The line of a replay: chapters as pieces of it, the play head, and while trimming two handles with what falls away in
// the dark.
import type { Replay } from '@insp/protocol';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { timerText } from '../ui/format.ts';
import classes from './replay.module.css';
import { type Handle, handleByKey, moveHandle, type Range } from './trim-range.ts';

type Props = {
  durationMs: number;
  positionMs: number;
  chapters: Replay['chapters'];
  /** What is kept; all of it when nothing is trimmed. */
  kept: Range;
  /** Null: the handles are not shown. */
  onTrim: ((range: Range) => void) | null;
  onSeek: (positionMs: number) => void;
};

export function ReplayTrack({ durationMs, positionMs, chapters, kept, onTrim, onSeek }: Props) {
  const line = useRef<HTMLDivElement>(null);
  const dragged = useRef<Handle | 'head' | null>(null);
  const percent = (ms: number) => `${durationMs === 0 ? 0 : (Math.min(durationMs, ms) / durationMs) * 100}%`;
  const msAt = (event: PointerEvent) => {
    const box = line.current?.getBoundingClientRect();
    return box && box.width > 0 ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * durationMs : 0;
  };
  const drag = (event: PointerEvent) => {
    const what = dragged.current;
    if (what === null) return;
    const atMs = msAt(event);
    if (what !== 'head') {
      const range = moveHandle(kept, what, atMs, durationMs);
      onTrim?.(range);
      onSeek(what === 'start' ? range.startMs : range.endMs);
    } else onSeek(atMs);
  };
  const begin = (what: Handle | 'head') => (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    dragged.current = what;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (what === 'head') drag(event);
  };
  const end = () => {
    dragged.current = null;
  };
  const handleKeys = (handle: Handle) => (event: KeyboardEvent) => {
    const range = handleByKey(kept, handle, event.key, event.shiftKey, durationMs);
    if (range === null) return;
    event.preventDefault();
    onTrim?.(range);
    onSeek(handle === 'start' ? range.startMs : range.endMs);
  };
  const headKeys = (event: KeyboardEvent) => {
    const stepMs = event.shiftKey ? 30_000 : 5_000;
    const to = { ArrowLeft: positionMs - stepMs, ArrowRight: positionMs + stepMs, Home: 0, End: durationMs }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onSeek(Math.min(durationMs, Math.max(0, to)));
  };
  const handle = (which: Handle, label: string) => (
    <span
      role="slider"
      tabIndex={0}
      className={classes.handle}
      data-which={which}
      style={{ left: percent(which === 'start' ? kept.startMs : kept.endMs) }}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1_000)}
      aria-valuenow={Math.round((which === 'start' ? kept.startMs : kept.endMs) / 1_000)}
      aria-valuetext={timerText(which === 'start' ? kept.startMs : kept.endMs)}
      onKeyDown={handleKeys(which)}
      onPointerDown={begin(which)}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
  return (
    <div className={classes.trackRow}>
      <div className={classes.track} ref={line} onPointerDown={begin('head')} onPointerMove={drag} onPointerUp={end} onPointerCancel={end}>
        {chapters.map((chapter, index) => (
          <span
            key={`${chapter.startMs}`}
            className={classes.piece}
            data-odd={index % 2 === 1}
            title={chapter.title}
            style={{ left: percent(chapter.startMs), width: `calc(${percent(chapter.endMs - chapter.startMs)} - 2px)` }}
          />
        ))}
        {kept.startMs > 0 ? <span className={classes.cut} style={{ left: 0, width: percent(kept.startMs) }} /> : null}
        {kept.endMs < durationMs ? <span className={classes.cut} style={{ left: percent(kept.endMs), right: 0 }} /> : null}
        <span
          role="slider"
          tabIndex={0}
          className={classes.head}
          style={{ left: percent(positionMs) }}
          aria-label="Position"
          aria-valuemin={0}
          aria-valuemax={Math.round(durationMs / 1_000)}
          aria-valuenow={Math.round(positionMs / 1_000)}
          aria-valuetext={timerText(positionMs)}
          onKeyDown={headKeys}
        />
        {onTrim === null ? null : (
          <>
            {handle('start', 'Begin of the replay')}
            {handle('end', 'End of the replay')}
          </>
        )}
      </div>
    </div>
  );
}
