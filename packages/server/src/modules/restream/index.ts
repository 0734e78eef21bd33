// The restream module: a broadcast on to other platforms. See SPEC.md for its rules.
export { createOpenLine, createReadAddress } from './relay/line.tcp.ts';
export { restreamRoutes } from './restream.http.ts';
export { createRestream, type Restream, type RestreamDeps, type RestreamListener } from './restream.ts';
