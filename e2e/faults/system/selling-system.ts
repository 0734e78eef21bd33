// All of it, real: Insp, the demo shop beside it, an encoder on air, a show live with a product on display.
import type { Product, ShowId } from '@insp/protocol';
import { createDemoApi, type DemoApi, type DemoSecrets, prepareDemo } from '@insp/simulator';
import { type Encoder, startEncoder } from './encoder.ts';
import { createInstallation, type InspProcess, type Installation, startInsp, waitUntil } from './insp-process.ts';
import { signInFirstOwner } from './owner.ts';
import { createShopProcess, type ShopProcess } from './shop-process.ts';

const SERVER_ARGS = ['--empty', '--allow-local-feeds', '--organization', 'Marram', '--log-level', 'warn'];

export type SellingSystem = {
  at: Installation;
  insp: InspProcess;
  shop: ShopProcess;
  api: DemoApi;
  /** As the owner: `GET` of any address of the API. */
  read<T>(path: string): Promise<T>;
  secrets: DemoSecrets;
  showId: ShowId;
  products: Product[];
  /** Starts Insp again after it was killed. */
  restartInsp(): Promise<void>;
  remove(): Promise<void>;
};

export async function startSellingSystem(): Promise<SellingSystem> {
  const at = await createInstallation();
  let encoder: Encoder | null = null;
  const remove = async () => {
    encoder?.stop();
    await at.remove();
  };
  try {
    const shop = await createShopProcess(at);
    const [insp] = await Promise.all([startInsp(at, 'node', SERVER_ARGS), shop.start()]);
    const owner = await signInFirstOwner(at, insp);
    const prepared = await prepareDemo({ inspUrl: at.url, shopUrl: shop.url, sendAsOwner: owner, secrets: null, nowMs: Date.now() });
    const { showId, orgId, secrets, products } = prepared;
    await shop.connect({ orgId, showId, ...secrets });
    const api = createDemoApi(owner);
    const air = () => {
      encoder?.stop();
      encoder = startEncoder(prepared.serverUrl, prepared.streamKey, at.folder);
    };
    air();
    // A show that begins within minutes opens by itself.
    if ((await api.show(showId)).state === 'scheduled') await api.command(showId, 'open');
    await waitUntil('the picture is there', async () => (await api.show(showId)).previewPlaylistUrl !== null);
    await api.command(showId, 'go_live');
    const system: SellingSystem = {
      ...{ at, insp, shop, api, secrets, showId, products, remove },
      async read<T>(path: string) {
        const answer = await owner(path, { method: 'GET', headers: {} });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return (await answer.json()) as T;
      },
      async restartInsp() {
        system.insp = await startInsp(at, 'node', SERVER_ARGS);
        air();
      },
    };
    return system;
  } catch (cause) {
    await remove();
    throw cause;
  }
}
