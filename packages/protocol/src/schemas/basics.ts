import * as z from 'zod';
import { ID_PREFIXES, type Id, type IdPrefix } from '../ids.ts';

/** Schema of an id of one kind. */
export function idSchema<P extends IdPrefix>(prefix: P) {
  const pattern = `^${prefix}_[0-9a-f]{32}$`;
  const shape = new RegExp(pattern);
  return z
    .custom<Id<P>>((value) => typeof value === 'string' && shape.test(value), {
      message: `must be an id like ${prefix}_0197f0c2e1b87d3aa5b06c1d9e4f2a10`,
    })
    .meta({ type: 'string', pattern });
}

export const anyIdSchema = z.string().regex(new RegExp(`^(${ID_PREFIXES.join('|')})_[0-9a-f]{32}$`));
export const orgIdSchema = z.string().min(1).max(64);
export const epochMsSchema = z.int().min(0).max(8_640_000_000_000_000);
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR');
export const amountMinorSchema = z.int().min(-1_000_000_000_000).max(1_000_000_000_000);
export const moneySchema = z.strictObject({ amountMinor: amountMinorSchema, currency: currencySchema });
/** Scheme, host and port, nothing else: what browsers send as Origin. */
export const originSchema = z
  .string()
  .max(200)
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'must be an origin such as https://shop.example');
