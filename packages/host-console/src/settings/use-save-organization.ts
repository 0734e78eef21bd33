import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useActive } from '../accounts/session.tsx';
import { updateOrganization } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { tellDone } from '../ui/notices.tsx';

/** Saves settings, and whether this person may. */
export function useSaveOrganization() {
  const queries = useQueryClient();
  const canManage = useActive()?.permissions.includes('organization.manage') ?? false;
  const saving = useMutation({
    mutationFn: updateOrganization,
    onSuccess: (saved) => {
      queries.setQueryData(queryKeys.organization, saved);
      void queries.invalidateQueries({ queryKey: queryKeys.me });
      tellDone('Saved');
    },
  });
  return { saving, canManage };
}
