/** The server refuses shorter ones (INSP_ACCOUNTS_PASSWORD_UNFIT); the form says so before. */
export const PASSWORD_MIN_LENGTH = 10;
