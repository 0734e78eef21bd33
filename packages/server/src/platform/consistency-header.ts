// Where a request carries its consistency token (kernel/consistency.ts): the header, for programs, or the cookie, for the
// console. The header wins.

export const CONSISTENCY_HEADER = 'insp-consistency';
export const CONSISTENCY_COOKIE = 'insp_consistency';
/** Values longer than any of ours are not even looked at. */
const VALUE_MAX_LENGTH = 128;
const IN_COOKIES = new RegExp(`(?:^|;\\s*)${CONSISTENCY_COOKIE}=([^;]*)`);

export function readConsistencyToken(headers: { readonly [name: string]: string | string[] | undefined }): string | undefined {
  const header = headers[CONSISTENCY_HEADER];
  const value = typeof header === 'string' ? header : IN_COOKIES.exec(String(headers.cookie ?? ''))?.[1];
  return value !== undefined && value.length <= VALUE_MAX_LENGTH ? value : undefined;
}
