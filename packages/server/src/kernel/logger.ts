/** error = someone must act; warn = recovered; info = one line per lifecycle step; debug = the rest. Personal data only under `pii.` keys. */
export type Logger = {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  child(fields: object): Logger;
};

/** Says nothing; for tests. */
export const silentLogger: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silentLogger };
