// What one process does. Everything runs in one process by default; a large installation starts more of them on one
// database. Rooms and broadcasts live in the memory of the process that holds them, so today only `dataflow` may run
// apart or several times over: aggregates are merged exactly once however many processes try.
import { AppError } from './kernel/app-error.ts';

export const SERVER_ROLES = ['api', 'realtime', 'media', 'dataflow', 'worker'] as const;
export type ServerRole = (typeof SERVER_ROLES)[number];

/** `all`, or a comma list of roles. */
export function parseServerRoles(text: string): ReadonlySet<ServerRole> {
  if (text === 'all') return new Set(SERVER_ROLES);
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !SERVER_ROLES.includes(name as ServerRole));
  if (unknown !== undefined) {
    throw new AppError('INSP_CONFIG_INVALID_SETTING', {
      detail: `INSP_ROLES: there is no role "${unknown}"; there are ${SERVER_ROLES.join(', ')}.`,
    });
  }
  const roles = new Set(names as ServerRole[]);
  const together = ['api', 'realtime', 'media', 'worker'] as const;
  const missing = together.filter((role) => !roles.has(role));
  if (missing.length > 0 && missing.length < together.length) {
    throw new AppError('INSP_CONFIG_INVALID_SETTING', {
      detail: `INSP_ROLES: ${together.join(', ')} share rooms in memory and run in one process; ${missing.join(', ')} missing.`,
    });
  }
  return roles;
}
