// The outbound guard for streams (SPEC.md beside it): what may be dialled for a user, and the only dialling of it.
export { createDialStream, DIAL_LIMITS, type DialStream, type DialStreamOptions, type ResolveName } from './dial-stream.ts';
export { type OutboundPolicy, parseOutboundPolicy, USUAL_PORTS } from './policy.ts';
export { createSendQueues, SEND_QUEUE_LOOK_MS, type SendQueues, sendQueueIn } from './send-queue.ts';
export { ADDRESS_LIMITS, parseStreamAddress, type StreamAddress } from './stream-address.ts';
