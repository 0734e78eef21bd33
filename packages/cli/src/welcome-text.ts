import type { Addresses, OneTimeAccess } from '@insp/server';
import type { Demo } from './demo/demo.ts';

/** What the person who typed `npm start` reads last: where to go and what to type there. */
export function welcomeText(told: {
  addresses: Addresses;
  access: OneTimeAccess | null;
  ownerEmail: string;
  demo: Pick<Demo, 'shopUrl' | 'notice'> | null;
  /** Why there is no demo, when there should be one. */
  trouble: string | null;
}): string {
  const { addresses, access, ownerEmail, demo, trouble } = told;
  const lines = [
    '',
    '  Insp is running.',
    '',
    `  Console    ${addresses.consoleUrl}`,
    access === null
      ? `             sign in as ${ownerEmail}; password lost? npm run insp -- accounts reset-password`
      : `             sign in as ${access.email} with ${access.oneTimePassword}`,
    ...(access === null ? [] : ['             (shown this once; the console asks for your own password)']),
    ...(demo === null
      ? []
      : [`  Demo shop  ${demo.shopUrl}/`, '             a small shop with the plug-in in it; simulated shoppers chat and buy there']),
    ...(demo?.notice == null ? [] : [`             (${demo.notice})`]),
    ...(trouble === null ? [] : [`  Demo       did not start: ${trouble}`]),
    `  OBS        server ${addresses.rtmpUrl}`,
    '             stream key: console, the show, "Point OBS here"',
    '',
    '  Ctrl-C stops everything. Data stays.',
    '',
    '',
  ];
  return lines.join('\n');
}
