// The far side of the restream bench, in a process of its own so that its work is not counted: servers that take what
// comes and count it, and one that stops reading. Says what it saw when asked.
import { createPeer, type PeerConduct } from '../packages/server/src/modules/restream/test-support/peers.ts';

const { peers } = JSON.parse(process.argv[2] ?? '{}') as { peers: PeerConduct[] };
const made = await Promise.all(peers.map((conduct) => createPeer({ ...conduct, isForgetful: true })));
let stoppedAtMs: number | null = null;
const look = setInterval(() => {
  for (const [index, { stopsReadingAfterTags: limit }] of peers.entries()) {
    if (limit !== undefined && stoppedAtMs === null && (made[index]?.connections[0]?.tagCount ?? 0) >= limit) stoppedAtMs = Date.now();
  }
}, 5);

process.on('message', (question) => {
  if (question === 'counts')
    process.send?.({
      counts: made.map(({ connections }) => connections.reduce((sum, { frameCount }) => sum + frameCount, 0)),
      stoppedAtMs,
    });
  if (question === 'stop') {
    clearInterval(look);
    void Promise.all(made.map((peer) => peer.close())).then(() => process.exit(0));
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ urls: made.map(({ url }) => url) });
