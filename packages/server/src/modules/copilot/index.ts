// Findings -> cues for the host: who to speak to, what to say, what to sell next.

export { copilotHandlers } from './copilot.socket.ts';
export type { Copilot } from './copilot.ts';
export { createCopilot } from './copilot.ts';
export type { CopilotPorts } from './ports.ts';
