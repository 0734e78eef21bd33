// The replay on the page of an ended show: watch it, see its chapters, cut its ends, take it away, hide it, remove it.
import type { Replay, UpdateReplay } from '@insp/protocol';
import { Button, Group, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useActive } from '../accounts/session.tsx';
import { queryKeys } from '../api/query-keys.ts';
import { makeReplayFile, readReplay, removeReplay, updateReplay } from '../api/replay.ts';
import { Dialog } from '../ui/dialog.tsx';
import { plural, spanText, timerText } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { tellDone, tellRefused } from '../ui/notices.tsx';
import { EmptyState, LoadingLines, Problem } from '../ui/states.tsx';
import classes from './replay.module.css';
import { ReplayTrack } from './replay-track.tsx';
import { chapterAt, type Range, trimOf } from './trim-range.ts';
import { useReplayVideo } from './use-replay-video.ts';

/** While something is being made. */
const LOOK_AGAIN_MS = 1_500;

const isBusy = (replay: Replay | undefined) =>
  replay !== undefined && (replay.pictures === 'making' || replay.file.state === 'making' || replay.state === 'recording');

export function ReplayCard({ showId }: { showId: string }) {
  const replay = useQuery({
    queryKey: queryKeys.replay(showId),
    queryFn: () => readReplay(showId),
    refetchInterval: ({ state }) => (isBusy(state.data) ? LOOK_AGAIN_MS : false),
  });
  return (
    <section className={classes.card} aria-labelledby="replay-title">
      <div className={classes.cardHead}>
        <h2 id="replay-title" className={classes.title}>
          Replay
        </h2>
        {replay.data?.state === 'ready' ? <Facts replay={replay.data} /> : null}
      </div>
      {replay.error ? (
        <Problem error={replay.error} onRetry={() => void replay.refetch()} />
      ) : !replay.data ? (
        <LoadingLines count={4} />
      ) : replay.data.state === 'ready' ? (
        <ReadyReplay replay={replay.data} />
      ) : (
        <NoReplay replay={replay.data} />
      )}
    </section>
  );
}

function NoReplay({ replay }: { replay: Replay }) {
  if (replay.state === 'removed') return <EmptyState title="Removed">The recording of this show is gone.</EmptyState>;
  if (replay.state === 'recording')
    return <EmptyState title="The show is being recorded">The replay is here when it has ended.</EmptyState>;
  return (
    <EmptyState title="Nothing was recorded">
      {replay.gaps.count > 0 ? GAP_WORDS[replay.gaps.cause ?? ''] : 'The show was never on air with a picture.'}
    </EmptyState>
  );
}

const GAP_WORDS: Readonly<Record<string, string>> = {
  disk_full: 'The disk of the server was full.',
  quota: 'The room allowed for recordings was used up.',
  queue_full: 'The disk of the server was too slow.',
  store_failed: 'The recording could not be written; see the log of the server.',
};

function Facts({ replay }: { replay: Replay }) {
  const { gaps } = replay;
  return (
    <p className={classes.facts}>
      <span className={classes.state} data-public={replay.isPublic}>
        {replay.isPublic ? 'Viewers can watch it' : 'Hidden from viewers'}
      </span>
      <span>
        {timerText(replay.durationMs)}
        {replay.trim ? ` of ${timerText(replay.fullDurationMs)}` : ''}
      </span>
      {gaps.count > 0 ? (
        <span className={classes.gap}>
          {gaps.count} {plural(gaps.count, 'gap')}, {spanText(Math.max(1_000, gaps.durationMs))} missing. {GAP_WORDS[gaps.cause ?? '']}
        </span>
      ) : null}
    </p>
  );
}

function ReadyReplay({ replay }: { replay: Replay }) {
  const { showId, fullDurationMs, chapters } = replay;
  const queries = useQueryClient();
  const mayRun = useActive()?.permissions.includes('show.run') ?? false;
  const mayPlan = useActive()?.permissions.includes('show.plan') ?? false;
  const video = useReplayVideo(replay.playlistUrl);
  const saved: Range = replay.trim ?? { startMs: 0, endMs: fullDurationMs };
  const [draft, setDraft] = useState<Range | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  const current = chapterAt(chapters, video.positionMs);

  const keep = (next: Replay) => queries.setQueryData(queryKeys.replay(showId), next);
  async function change(body: UpdateReplay, done: string, undo?: UpdateReplay): Promise<void> {
    setIsSaving(true);
    try {
      keep(await updateReplay(showId, body));
      setDraft(null);
      tellDone(done, undo ? () => void change(undo, 'Undone') : undefined);
    } catch (error) {
      tellRefused('The replay stays as it was', error);
    } finally {
      setIsSaving(false);
    }
  }

  return (
    <>
      <div className={classes.stage}>
        <div className={classes.screen}>
          {/* biome-ignore lint/a11y/useMediaCaption: captions come with the recording, where the show had any */}
          <video ref={video.ref} className={classes.video} playsInline preload="metadata" poster={replay.posterUrl ?? undefined} />
          {video.hasFailed ? <p className={classes.failed}>The picture does not load. Trying again.</p> : null}
        </div>
        {chapters.length > 0 ? (
          <ol className={classes.chapters} aria-label="Chapters">
            {chapters.map((chapter) => (
              <li key={chapter.startMs}>
                <button
                  type="button"
                  className={classes.chapter}
                  aria-current={chapter === current ? 'true' : undefined}
                  onClick={() => video.seek(chapter.startMs)}
                >
                  <span className={classes.chapterTime}>{timerText(chapter.startMs)}</span>
                  <span className="truncate">{chapter.title}</span>
                </button>
              </li>
            ))}
          </ol>
        ) : (
          <div className={classes.noChapters}>
            <EmptyState title="No chapters">Products that are on display during a show become chapters.</EmptyState>
          </div>
        )}
      </div>
      <div className={classes.controls}>
        <Button variant="default" onClick={video.toggle} miw={84}>
          {video.isPlaying ? 'Pause' : 'Play'}
        </Button>
        <span className={classes.time}>
          {timerText(video.positionMs)} <span className="muted">/ {timerText(fullDurationMs)}</span>
        </span>
        <ReplayTrack
          durationMs={fullDurationMs}
          positionMs={video.positionMs}
          chapters={chapters}
          kept={draft ?? saved}
          onTrim={draft === null ? null : setDraft}
          onSeek={video.seek}
        />
      </div>
      {draft === null ? (
        <Group gap="xs" className={classes.actions}>
          {mayRun ? (
            <Button variant="default" onClick={() => setDraft(saved)}>
              Trim
            </Button>
          ) : null}
          {mayRun ? <FileButton replay={replay} onChange={keep} /> : null}
          {mayRun && replay.suggestedTrim && replay.trim === null ? (
            <Button variant="subtle" onClick={() => setDraft(replay.suggestedTrim)}>
              Cut the silence: {timerText(replay.suggestedTrim.startMs)} to {timerText(replay.suggestedTrim.endMs)}
            </Button>
          ) : null}
          {mayRun ? (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="subtle" color="gray" ml="auto" rightSection={<Icon name="chevronDown" sizePx={14} />}>
                  More
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  onClick={() =>
                    void change({ isPublic: !replay.isPublic }, replay.isPublic ? 'Hidden from viewers' : 'Viewers can watch it', {
                      isPublic: replay.isPublic,
                    })
                  }
                >
                  {replay.isPublic ? 'Hide from viewers' : 'Show to viewers'}
                </Menu.Item>
                {replay.trim ? (
                  <Menu.Item onClick={() => void change({ trim: null }, 'The whole show is back', { trim: replay.trim })}>
                    Undo the trim
                  </Menu.Item>
                ) : null}
                {mayPlan ? <Menu.Item onClick={() => setIsRemoving(true)}>Delete the replay</Menu.Item> : null}
              </Menu.Dropdown>
            </Menu>
          ) : null}
        </Group>
      ) : (
        <Group gap="xs" className={classes.actions}>
          <span className={classes.trimWords}>
            Keeps {timerText(draft.startMs)} to {timerText(draft.endMs)}, {spanText(draft.endMs - draft.startMs)}. Nothing is deleted.
          </span>
          <Button
            variant="default"
            ml="auto"
            onClick={() => setDraft({ ...draft, startMs: Math.min(video.positionMs, draft.endMs - 1_000) })}
          >
            Begin here
          </Button>
          <Button variant="default" onClick={() => setDraft({ ...draft, endMs: Math.max(video.positionMs, draft.startMs + 1_000) })}>
            End here
          </Button>
          <Button variant="subtle" color="gray" onClick={() => setDraft(null)}>
            Cancel
          </Button>
          <Button
            loading={isSaving}
            onClick={() => void change({ trim: trimOf(roundRange(draft), fullDurationMs) }, 'The replay is trimmed', { trim: replay.trim })}
          >
            Save
          </Button>
        </Group>
      )}
      <RemoveDialog showId={showId} isOpen={isRemoving} onClose={() => setIsRemoving(false)} />
    </>
  );
}

const roundRange = ({ startMs, endMs }: Range): Range => ({ startMs: Math.round(startMs), endMs: Math.round(endMs) });

function FileButton({ replay, onChange }: { replay: Replay; onChange: (replay: Replay) => void }) {
  const { file } = replay;
  if (file.state === 'ready' && file.url) {
    return (
      <Button component="a" href={file.url} download variant="default" leftSection={<Icon name="download" />}>
        Download MP4{file.byteCount ? ` (${Math.max(1, Math.round(file.byteCount / 1e6))} MB)` : ''}
      </Button>
    );
  }
  const make = async () => {
    try {
      onChange(await makeReplayFile(replay.showId));
    } catch (error) {
      tellRefused('The file is not made', error);
    }
  };
  const isMaking = file.state === 'making';
  return (
    <Button variant="default" disabled={isMaking} onClick={() => void make()} leftSection={<Icon name="download" />}>
      {isMaking
        ? `Making the MP4, ${Math.round(file.progressRatio * 100)} %`
        : file.state === 'failed'
          ? 'MP4 failed, try again'
          : 'Make an MP4'}
    </Button>
  );
}

function RemoveDialog({ showId, isOpen, onClose }: { showId: string; isOpen: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const [isBusyNow, setIsBusyNow] = useState(false);
  const remove = async () => {
    setIsBusyNow(true);
    try {
      await removeReplay(showId);
      await queries.invalidateQueries({ queryKey: queryKeys.replay(showId) });
      onClose();
      tellDone('The replay is deleted');
    } catch (error) {
      tellRefused('The replay stays', error);
    } finally {
      setIsBusyNow(false);
    }
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Delete the replay?">
      <p>The recording, its pictures and its MP4 are removed for good. The report and its figures stay.</p>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red" loading={isBusyNow} onClick={() => void remove()}>
          Delete
        </Button>
      </Group>
    </Dialog>
  );
}
