// better-auth speaks in its own codes; outside, everything is one of ours. A code that is not in the table keeps
// its meaning by HTTP status, and its words never leave.
import type { ErrorCode } from '@insp/protocol';

const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  INVALID_EMAIL_OR_PASSWORD: 'INSP_ACCOUNTS_CREDENTIALS_INVALID',
  INVALID_PASSWORD: 'INSP_ACCOUNTS_CREDENTIALS_INVALID',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'INSP_ACCOUNTS_CREDENTIALS_INVALID',
  PASSWORD_TOO_SHORT: 'INSP_ACCOUNTS_PASSWORD_UNFIT',
  PASSWORD_TOO_LONG: 'INSP_ACCOUNTS_PASSWORD_UNFIT',
  USER_ALREADY_EXISTS: 'INSP_ACCOUNTS_EMAIL_TAKEN',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'INSP_ACCOUNTS_EMAIL_TAKEN',
  REGISTRATION_CLOSED: 'INSP_ACCOUNTS_REGISTRATION_CLOSED',
  INVITATION_NOT_FOUND: 'INSP_ACCOUNTS_INVITATION_INVALID',
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION: 'INSP_ACCOUNTS_INVITATION_INVALID',
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: 'INSP_ACCOUNTS_ALREADY_MEMBER',
  SESSION_EXPIRED: 'INSP_ACCOUNTS_SESSION_EXPIRED',
};

/** Our code for an answer of better-auth. */
export function errorCodeOf(status: number, code: string | undefined): ErrorCode {
  const known = BY_CODE[code ?? ''];
  if (known !== undefined) return known;
  if (status === 401) return 'INSP_ACCOUNTS_SIGN_IN_REQUIRED';
  if (status === 403) return 'INSP_ACCOUNTS_FORBIDDEN';
  if (status === 404) return 'INSP_HTTP_NOT_FOUND';
  return status >= 500 ? 'INSP_HTTP_INTERNAL' : 'INSP_HTTP_INVALID_BODY';
}
