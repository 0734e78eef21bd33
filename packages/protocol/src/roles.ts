// Who may do what. One table, read by the server for every route and socket request and by the console to
// hide what would be refused. Field visibility (product.md OR2: a moderator sees no turnover) is a permission too.

export const ROLES = ['owner', 'producer', 'host', 'moderator', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'organization.manage', // settings, store origins, secrets
  'member.manage', // invite, change roles, remove
  'api_key.manage',
  'show.read',
  'show.plan', // create, edit, line-up, schedule, cancel
  'show.run', // go live, pause, end, reopen; highlights
  'stream_key.manage',
  'restream.manage', // add, change, remove targets; starting and stopping one is show.run
  'product.manage',
  'chat.moderate',
  'chat.host', // speak as staff
  'copilot.use', // audience, questions, sell order, cues
  'turnover.read', // money: GMV, orders
  'report.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  producer: [
    'show.read',
    'show.plan',
    'show.run',
    'stream_key.manage',
    'restream.manage',
    'product.manage',
    'chat.moderate',
    'chat.host',
    'copilot.use',
    'turnover.read',
    'report.read',
  ],
  host: ['show.read', 'show.run', 'restream.manage', 'chat.moderate', 'chat.host', 'copilot.use', 'turnover.read', 'report.read'],
  moderator: ['show.read', 'chat.moderate', 'chat.host'],
  analyst: ['show.read', 'turnover.read', 'report.read'],
};

/** Tells whether a role carries a permission. */
export function hasPermission(role: Role, permission: Permission): boolean {
  return ROLE_PERMISSIONS[role].includes(permission);
}
