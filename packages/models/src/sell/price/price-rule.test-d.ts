// Type test: the price rule has no place for anything about the person who asks. Compiled by `npm run check`, never run.
import { advisePrice, type EveryoneOnly, type PriceInput } from './price-rule.ts';

declare const input: PriceInput;

advisePrice(input);
// @ts-expect-error a viewer
advisePrice({ ...input, viewerId: 'vwr_1' });
// @ts-expect-error a segment
advisePrice({ ...input, segment: 'loyal' });
// @ts-expect-error a device, even by way of a variable
advisePrice(Object.assign({ device: 'phone' }, input));

/** Every field of the input is a number about lot, time or room (or null): nothing can carry a name. */
type OnlyFigures<T> = { [K in keyof T]: T[K] extends number | null ? true : never };
const allFigures: OnlyFigures<PriceInput>[keyof PriceInput] = true;
const personal: EveryoneOnly<PriceInput & { readonly customerId: string }> extends never ? true : false = true;
export const proof: readonly boolean[] = [allFigures, personal];
