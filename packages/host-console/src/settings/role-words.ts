import type { Role } from '@insp/protocol';

/** What each role may, in one sentence for the person who gives it. */
export const roleWords: Readonly<Record<Role, string>> = {
  owner: 'Owners do everything: settings, members, keys, shows.',
  producer: 'Producers plan and run shows, manage products, and see turnover.',
  host: 'Hosts run shows with the copilot and see turnover; they plan nothing.',
  moderator: 'Moderators keep the chat clean and see no turnover.',
  analyst: 'Analysts read figures and reports and change nothing.',
};
