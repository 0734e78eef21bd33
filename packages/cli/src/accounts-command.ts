// `insp accounts reset-password`: for whoever lost the one-time password of the first start, or their own.
import { createLogger, loadConfig, loadSettings, settleDataFolder, withAccounts } from '@insp/server';
import { sayFault } from './say-fault.ts';
import { takeFlag } from './take-flag.ts';

export async function runAccountsCommand([what, ...args]: readonly string[]): Promise<void> {
  if (what !== 'reset-password') {
    process.stderr.write('insp accounts: the one thing to do here is reset-password [--email ADDRESS].\n');
    process.exitCode = 2;
    return;
  }
  try {
    const { value: email, rest } = takeFlag(args, 'email');
    const { settings } = await settleDataFolder(loadSettings(rest));
    const logger = createLogger({ level: 'warn', format: settings.logFormat });
    const access = await withAccounts(await loadConfig(settings), logger, async (accounts) => {
      const address = email ?? (await accounts.ownerEmails())[0];
      return address === undefined ? null : accounts.resetPassword(address);
    });
    if (access === null) {
      process.stderr.write(email === null ? 'There is no owner yet: start Insp first.\n' : `Nobody has the address ${email}.\n`);
      process.exitCode = 1;
    } else process.stdout.write(`${access.email} signs in with ${access.oneTimePassword} once, and then chooses an own password.\n`);
  } catch (cause) {
    sayFault(cause);
  }
}
