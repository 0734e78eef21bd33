import { systemRandom } from '../../kernel/random.ts';
import { describeRtmpIngestContract } from './ingest.contract.ts';
import { createRtmpIngest } from './ingest.rtmp.ts';
import { createWrongKeyDelay } from './wrong-key-delay.ts';

describeRtmpIngestContract('ingest.rtmp', (options) =>
  createRtmpIngest({ ...options, host: '127.0.0.1', port: 0, random: systemRandom, wrongKeys: createWrongKeyDelay() }),
);
