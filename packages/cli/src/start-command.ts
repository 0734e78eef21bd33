// `insp start`: the server, the first owner, and unless --empty the demo; then one screen that says where everything is.
import { type OneTimeAccess, type Running, runServer, type Settings } from '@insp/server';
import { DEMO_ORGANIZATION_NAME, type Demo, startDemo } from './demo/demo.ts';
import { welcomeText } from './welcome-text.ts';

export async function runStartCommand(args: readonly string[]): Promise<void> {
  await runServer(args, { adjust: settingsFor, onStarted });
}

/** The demo's shop lives on this machine, and its organization bears its name. */
function settingsFor(settings: Settings): Settings {
  if (settings.empty) return settings;
  const organizationName = settings.organizationName === 'My shop' ? DEMO_ORGANIZATION_NAME : settings.organizationName;
  return { ...settings, organizationName, allowLocalFeeds: true };
}

async function onStarted(running: Running): Promise<() => Promise<void>> {
  const { app, config, logger } = running;
  const access: OneTimeAccess | null = await app.accounts.ensureFirstOwner({ orgName: config.organizationName, email: config.ownerEmail });
  const firstOrgId = access === null ? null : ((await app.accounts.firstOrganization())?.orgId ?? null);
  let demo: Demo | null = null;
  let trouble: string | null = null;
  if (!config.empty) {
    try {
      demo = await startDemo(running, firstOrgId);
    } catch (err) {
      trouble = (err as Error).message;
      logger.error({ err }, 'the demo did not start; the server runs without it');
    }
  }
  const [ownerEmail = config.ownerEmail] = await app.accounts.ownerEmails();
  process.stdout.write(welcomeText({ addresses: app.addresses, access, ownerEmail, demo, trouble }));
  return async () => demo?.stop();
}
