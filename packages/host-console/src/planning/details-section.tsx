import { LIMITS, type ReadinessItem, type Show, type UpdateShow } from '@insp/protocol';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useActive } from '../accounts/session.tsx';
import { queryKeys } from '../api/query-keys.ts';
import { updateShow } from '../api/shows.ts';
import { localInputText } from '../ui/format.ts';
import { tellDone } from '../ui/notices.tsx';
import { FormProblem } from '../ui/states.tsx';
import { PlanSection } from './plan-section.tsx';
import classes from './show-page.module.css';

/** Title, host, words, time. Saved with the version it was read at, so that nobody overwrites a colleague unseen. */
export function DetailsSection({ show, item }: { show: Show; item: ReadinessItem | null }) {
  const queries = useQueryClient();
  const canPlan = useActive()?.permissions.includes('show.plan') ?? false;
  const [title, setTitle] = useState(show.title);
  const [hostName, setHostName] = useState(show.hostName);
  const [description, setDescription] = useState(show.description);
  const [time, setTime] = useState(show.scheduledAt === null ? '' : localInputText(show.scheduledAt));
  const scheduledAt = time === '' ? null : new Date(time).getTime();
  const isTimeKept = time === (show.scheduledAt === null ? '' : localInputText(show.scheduledAt));
  const isChanged = title !== show.title || hostName !== show.hostName || description !== show.description || !isTimeKept;
  const saving = useMutation({
    mutationFn: (change: UpdateShow) => updateShow(show.id, show.version, change),
    onSuccess: (saved) => {
      queries.setQueryData(queryKeys.show(show.id), saved);
      void queries.invalidateQueries({ queryKey: queryKeys.readiness(show.id) });
      void queries.invalidateQueries({ queryKey: queryKeys.shows });
      tellDone('Saved');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ title, hostName, description, ...(isTimeKept ? {} : { scheduledAt }) });
  };
  return (
    <PlanSection id="schedule" title="Details and schedule" item={item}>
      <form className={classes.form} onSubmit={submit}>
        <fieldset disabled={!canPlan} style={{ display: 'contents' }}>
          <TextInput
            className={classes.wide}
            label="Title"
            required
            maxLength={LIMITS.showTitleLength}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label="Start"
            type="datetime-local"
            description="Your local time"
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
          <TextInput
            label="Host"
            description="Shoppers see the name"
            maxLength={60}
            value={hostName}
            onChange={(event) => setHostName(event.currentTarget.value)}
          />
          <Textarea
            className={classes.wide}
            label="Description"
            autosize
            minRows={2}
            maxRows={8}
            maxLength={LIMITS.showDescriptionLength}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        </fieldset>
        {canPlan ? (
          <div className={classes.formFoot}>
            <Button type="submit" variant="default" disabled={!isChanged} loading={saving.isPending}>
              Save
            </Button>
            <FormProblem error={saving.error} />
          </div>
        ) : null}
      </form>
    </PlanSection>
  );
}
