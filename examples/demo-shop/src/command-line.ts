import { parseArgs } from 'node:util';
import type { DemoShopOptions } from './demo-shop.ts';
import type { InspConnection } from './shop-config.ts';

export const HELP = `A small shop that carries the Insp plug-in.

  node src/main.ts --data-dir DIR [options]

  --data-dir DIR     folder of orders, stock and unsent webhooks   (SHOP_DATA_DIR)
  --port N           default 4700, 0 = any free port                (SHOP_PORT)
  --host ADDRESS     default 127.0.0.1                              (SHOP_HOST)
  --public-url URL   how browsers reach the shop                    (SHOP_PUBLIC_URL)
  --config FILE      JSON with the settings below; re-read while running (SHOP_CONFIG)
  --insp-url URL     "inspUrl"                                      (INSP_URL)
  --org-id ID        "orgId"                                        (INSP_ORG_ID)
  --show-id ID       "showId": the show on every page               (INSP_SHOW_ID)
  secrets by file or environment only:
                     "orderWebhookSecret"                           (INSP_ORDER_WEBHOOK_SECRET)
                     "viewerSecret"                                 (INSP_VIEWER_SECRET)
                     "simulatorKey"                                 (SHOP_SIMULATOR_KEY)`;

type CommandLine = { kind: 'run'; options: DemoShopOptions } | { kind: 'help' } | { kind: 'wrong'; message: string };

/** Flags win over environment; a wrong one is said, never guessed. */
export function readCommandLine(argv: string[], environment: Record<string, string | undefined>): CommandLine {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: argv,
      options: {
        help: { type: 'boolean', short: 'h' },
        'data-dir': text,
        port: text,
        host: text,
        'public-url': text,
        config: text,
        'insp-url': text,
        'org-id': text,
        'show-id': text,
      },
    });
    if (values.help) return { kind: 'help' };
    const dataDir = values['data-dir'] ?? environment.SHOP_DATA_DIR;
    if (!dataDir) return { kind: 'wrong', message: 'Say where to keep orders and stock: --data-dir DIR.' };
    const port = Number(values.port ?? environment.SHOP_PORT ?? 4700);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return { kind: 'wrong', message: '--port must be a number from 0 to 65535.' };
    const connection: Partial<InspConnection> = withoutEmpty({
      inspUrl: values['insp-url'] ?? environment.INSP_URL,
      orgId: values['org-id'] ?? environment.INSP_ORG_ID,
      showId: values['show-id'] ?? environment.INSP_SHOW_ID,
      orderWebhookSecret: environment.INSP_ORDER_WEBHOOK_SECRET,
      viewerSecret: environment.INSP_VIEWER_SECRET,
      simulatorKey: environment.SHOP_SIMULATOR_KEY,
    });
    return {
      kind: 'run',
      options: {
        dataDir,
        port,
        host: values.host ?? environment.SHOP_HOST,
        publicUrl: values['public-url'] ?? environment.SHOP_PUBLIC_URL,
        configFile: values.config ?? environment.SHOP_CONFIG,
        connection,
      },
    };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message };
  }
}

function withoutEmpty(values: Record<string, string | undefined>): Partial<InspConnection> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
