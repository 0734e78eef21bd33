// The targets of a show: what each is doing in one sentence, the rule it breaks, and what can be done about it now.
import { PLATFORM_RULES, type RestreamTarget, type StreamHealth } from '@insp/protocol';
import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { commandTarget, removeTarget } from '../api/restream.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { tellDone, tellRefused } from '../ui/notices.tsx';
import { EmptyState } from '../ui/states.tsx';
import classes from './restream.module.css';
import { brokenRules, targetWords } from './restream-words.ts';
import { TargetForm } from './target-form.tsx';

type Props = {
  showId: string;
  targets: readonly RestreamTarget[];
  health: StreamHealth | null;
  isOnAir: boolean;
  canManage: boolean;
  canRun: boolean;
  nowMs: number;
  /** A dialog of this list opens or closes: what lies around it must not go away meanwhile. */
  onDialog?: (isOpen: boolean) => void;
  /** After an act of ours; who is pushed the new list does not need it. */
  onChanged: () => void;
};

export function TargetList({ showId, targets, health, isOnAir, canManage, canRun, nowMs, onDialog, onChanged }: Props) {
  const [form, setForm] = useState<{ target: RestreamTarget | null } | null>(null);
  const [leaving, setLeaving] = useState<RestreamTarget | null>(null);
  const isDialogOpen = form !== null || leaving !== null;
  useEffect(() => onDialog?.(isDialogOpen), [isDialogOpen, onDialog]);
  const commanding = useMutation({
    mutationFn: ({ id, act }: { id: string; act: 'start' | 'stop' }) => commandTarget(showId, id, act),
    onSuccess: onChanged,
    onError: (error, { act }) => tellRefused(act === 'start' ? 'It was not started' : 'It was not stopped', error),
  });
  const removing = useMutation({
    mutationFn: (target: RestreamTarget) => removeTarget(showId, target.id),
    onSuccess: (_, target) => {
      setLeaving(null);
      tellDone(`${target.name} was removed`);
      onChanged();
    },
    onError: (error) => tellRefused('It was not removed', error),
  });
  return (
    <div className={classes.targets}>
      {targets.length === 0 ? (
        <EmptyState title="Only on your own shop so far">
          The same picture can go to YouTube, Facebook, Instagram or any RTMP server at the same time. One that fails never touches the
          show.
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label="Restream targets">
          {targets.map((target) => {
            const words = targetWords(target, nowMs);
            const { liveSince } = target.status;
            const warnings = brokenRules(target, health, liveSince === null ? 0 : nowMs - liveSince);
            const label = words.act === 'stop' ? 'Stop' : isOnAir ? 'Start' : 'Start now';
            const isRunning = commanding.isPending && commanding.variables.id === target.id;
            return (
              <li key={target.id} className={classes.target}>
                <div className={classes.words}>
                  <p className={classes.name}>
                    <span className="truncate">{target.name}</span>
                    {target.name === PLATFORM_RULES[target.platform].name ? null : (
                      <span className={classes.platform}>{PLATFORM_RULES[target.platform].name}</span>
                    )}
                  </p>
                  <p className={classes.state} data-tone={words.tone}>
                    <span className={classes.word}>{words.word}</span> <span className={classes.sentence}>{words.sentence}</span>
                  </p>
                  {warnings.map((warning) => (
                    <p key={warning} className={classes.warning} data-is-near={target.isEnabled || words.act === 'stop'}>
                      {warning}
                    </p>
                  ))}
                </div>
                {canRun ? (
                  <Button
                    size="compact-sm"
                    variant="default"
                    className={classes.act}
                    loading={isRunning}
                    onClick={() => commanding.mutate({ id: target.id, act: words.act })}
                    aria-label={`${label}: ${target.name}`}
                  >
                    {label}
                  </Button>
                ) : null}
                {canManage ? (
                  <Menu position="bottom-end" withinPortal>
                    <Menu.Target>
                      <ActionIcon variant="subtle" color="gray" aria-label={`Change or remove ${target.name}`}>
                        <Icon name="chevronDown" />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => setForm({ target })}>Change</Menu.Item>
                      <Menu.Item onClick={() => setLeaving(target)}>Remove</Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                ) : null}
              </li>
            );
          })}
        </ul>
      )}
      {canManage ? (
        <div>
          <Button variant="default" className={classes.add} leftSection={<Icon name="plus" />} onClick={() => setForm({ target: null })}>
            Add a target
          </Button>
        </div>
      ) : null}
      {form === null ? null : (
        <TargetForm
          key={form.target?.id ?? 'new'}
          showId={showId}
          target={form.target}
          isOnAir={isOnAir}
          onClose={() => setForm(null)}
          onSaved={onChanged}
        />
      )}
      <Dialog isOpen={leaving !== null} onClose={() => setLeaving(null)} title={`Remove ${leaving?.name ?? ''}?`}>
        <p>Its key is deleted. {leaving?.status.liveSince == null ? '' : 'The stream there ends now.'}</p>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={() => setLeaving(null)} data-autofocus>
            Keep it
          </Button>
          <Button loading={removing.isPending} onClick={() => leaving && removing.mutate(leaving)}>
            Remove
          </Button>
        </Group>
      </Dialog>
    </div>
  );
}
