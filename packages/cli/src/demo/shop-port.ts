// Where the demo shop listens. Nobody chose the default port, so when it is taken the next free one does as well; a
// port somebody did choose is theirs, and they are told. Known before the shop starts, so that a shop that is started
// again comes back at the same address.
import { AppError, findFreePort } from '@insp/server';

export const DEFAULT_SHOP_PORT = 4700;
const SHOP_HOST = '127.0.0.1';
const PORTS_TRIED = 20;

export type ShopPort = { port: number /** What was taken instead of what, for people; null when all is as set. */; notice: string | null };

/** `INSP_CONFIG_PORT_TAKEN` when the wanted port, or for the default all of the next ones, are in use. */
export async function chooseShopPort(wanted: number, find = findFreePort): Promise<ShopPort> {
  const last = wanted === DEFAULT_SHOP_PORT ? wanted + PORTS_TRIED - 1 : wanted;
  for (let candidate = wanted; candidate <= last; candidate += 1) {
    const port = await find(candidate, SHOP_HOST);
    if (port === null) continue;
    const isWanted = candidate === wanted;
    const notice = `port ${wanted} is in use, so the demo shop is at ${port}; choose with INSP_DEMO_SHOP_PORT`;
    return { port, notice: isWanted ? null : notice };
  }
  const what = last === wanted ? `${SHOP_HOST}:${wanted} is in use` : `${SHOP_HOST}:${wanted} to ${last} are in use`;
  throw new AppError('INSP_CONFIG_PORT_TAKEN', { detail: `${what}; choose another for the demo shop with INSP_DEMO_SHOP_PORT.` });
}
