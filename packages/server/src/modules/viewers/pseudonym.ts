// Who somebody is, without saying who: ids are HMAC-SHA256 under a key of the organization, cut to 128 bits and shaped
// like all ids. The same customer is the same viewer in every show of one shop and a stranger in the next shop.
import { createHmac } from 'node:crypto';
import type { CustomerId, ViewerId } from '@insp/protocol';

function keyed(key: string, purpose: string, text: string): string {
  return createHmac('sha256', key).update(`${purpose}\n${text}`).digest('hex').slice(0, 32);
}

/** `customerRef` is the shop's own id of the person: `sub` of the viewer token, `customerRef` of an order. */
export const customerIdOf = (key: string, customerRef: string): CustomerId => `cus_${keyed(key, 'customer', customerRef)}`;
export const viewerIdOfCustomer = (key: string, customerRef: string): ViewerId => `vwr_${keyed(key, 'viewer', customerRef)}`;
export const viewerIdOfMember = (key: string, memberId: string): ViewerId => `vwr_${keyed(key, 'member', memberId)}`;
