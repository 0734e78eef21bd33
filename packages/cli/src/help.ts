export const HELP = `insp: live shopping for any shop.

  insp start [--empty] [settings]        the server; without --empty also a demo: shop, picture, shoppers
  insp config [settings]                 every setting with its value and meaning
  insp accounts reset-password [--email ADDRESS]
                                         a new one-time password, by default for the first owner
  insp aggregates verify [--show SHOW] [--from TIME] [--to TIME]
                                         proves that the figures are what the event log says, for all or a range
  insp aggregates rebuild                makes all figures anew from the event log and swaps them in
  insp store check --url postgres://...  what that Postgres or PolarDB keeps of what Insp relies on; --help for more
  insp export --show SHOW [--out FILE]   a show's raw events, one JSON a line
  insp simulate --help                   a simulated audience for a show that is on
  insp help                              this

Settings are flags (--http-port 8080) or environment (INSP_HTTP_PORT=8080); see \`insp config\`.
`;
