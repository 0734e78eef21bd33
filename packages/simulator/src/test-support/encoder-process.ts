// An encoder in a process of its own, to be killed without warning: `fork(this file, [folder, file])`.
import { startSyntheticEncoder } from '../encoder/synthetic-encoder.ts';

const [serverUrl = '', streamKey = ''] = process.argv.slice(2);
const encoder = await startSyntheticEncoder({ serverUrl, streamKey, brand: 'Brand', title: 'Title', subtitle: '', products: [] });
const timer = setInterval(() => {
  if (encoder.state !== 'sending' || encoder.pid === null) return;
  clearInterval(timer);
  process.send?.({ pid: encoder.pid });
}, 50);
process.on('disconnect', () => void encoder.stop().then(() => process.exit()));
