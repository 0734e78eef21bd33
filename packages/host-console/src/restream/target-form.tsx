// Adding or changing a target: platform first, its address filled in, its rules beside; the key goes in and is never shown again.
import { LIMITS, PLATFORM_RULES, RESTREAM_PLATFORMS, type RestreamPlatform, type RestreamTarget } from '@insp/protocol';
import { Button, Checkbox, Group, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createTarget, type TargetDraft, updateTarget } from '../api/restream.ts';
import { Dialog } from '../ui/dialog.tsx';
import { FormProblem } from '../ui/states.tsx';
import classes from './restream.module.css';
import { platformRules } from './restream-words.ts';

const KEY_PLACES: Record<RestreamPlatform, string> = {
  youtube: 'YouTube Studio, Create, Go live, Stream.',
  facebook: 'Facebook Live Producer, Streaming software. Made anew for each show.',
  instagram: 'Instagram Live Producer on a computer: copy address and key. Made anew for each show.',
  rtmp: 'Where your server or platform shows its stream key.',
};

type Props = { showId: string; target: RestreamTarget | null; isOnAir: boolean; onClose: () => void; onSaved: () => void };

export function TargetForm({ showId, target, isOnAir, onClose, onSaved }: Props) {
  const [draft, setDraft] = useState<TargetDraft>(() => ({
    ...{ platform: target?.platform ?? 'youtube', name: target?.name ?? 'YouTube' },
    ...{ url: target?.url ?? PLATFORM_RULES.youtube.url ?? '', streamKey: '', isEnabled: target?.isEnabled ?? true },
  }));
  const saving = useMutation({
    mutationFn: () => (target ? updateTarget(showId, target.id, draft) : createTarget(showId, draft)),
    onSuccess: () => {
      onSaved();
      onClose();
    },
  });
  const change = (part: Partial<TargetDraft>) => setDraft((before) => ({ ...before, ...part }));
  const choose = (platform: RestreamPlatform) => {
    const former = PLATFORM_RULES[draft.platform];
    // What somebody typed stays; what we filled in follows the platform.
    const isNamedByUs = draft.name === '' || draft.name === former.name;
    const isAddressByUs = draft.url === '' || draft.url === former.url;
    change({
      platform,
      ...(isNamedByUs ? { name: PLATFORM_RULES[platform].name } : {}),
      ...(isAddressByUs ? { url: PLATFORM_RULES[platform].url ?? '' } : {}),
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const isMoved = target !== null && (draft.url !== target.url || draft.streamKey !== '');
  return (
    <Dialog isOpen onClose={onClose} title={target ? `Change ${target.name}` : 'Add a restream target'}>
      <form onSubmit={submit} className={classes.form} autoComplete="off">
        <SegmentedControl
          fullWidth
          value={draft.platform}
          onChange={(value) => choose(value as RestreamPlatform)}
          data={RESTREAM_PLATFORMS.map((platform) => ({
            value: platform,
            label: platform === 'rtmp' ? 'Other' : PLATFORM_RULES[platform].name,
          }))}
          aria-label="Platform"
          className={classes.platforms}
        />
        <ul className={classes.rules} aria-label={`What ${PLATFORM_RULES[draft.platform].name} asks of the stream`}>
          {platformRules(draft.platform).map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
        <TextInput
          label="Name"
          required
          maxLength={LIMITS.restreamNameLength}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Server address"
          required
          maxLength={LIMITS.restreamUrlLength}
          placeholder="rtmps://live.example.com/app"
          value={draft.url}
          spellCheck={false}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
        <PasswordInput
          label="Stream key"
          description={KEY_PLACES[draft.platform]}
          required={target === null}
          maxLength={LIMITS.restreamKeyLength}
          placeholder={
            target === null ? '' : target.streamKeyLastFour === '' ? 'Kept as it is' : `Ends in ${target.streamKeyLastFour}, kept as it is`
          }
          value={draft.streamKey}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show what you typed' }}
          onChange={(event) => change({ streamKey: event.currentTarget.value })}
        />
        <Checkbox
          label={isOnAir && target === null ? 'Goes on air at once' : 'Goes on air with the show'}
          checked={draft.isEnabled}
          onChange={(event) => change({ isEnabled: event.currentTarget.checked })}
        />
        {isOnAir && isMoved ? (
          <p className={classes.note}>It is connected anew: viewers there miss a few seconds. Nobody else does.</p>
        ) : null}
        <FormProblem error={saving.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {target ? 'Save' : 'Add'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
