// Chat: messages, moderation, names, reactions.

export { chatSocketHandlers } from './chat.socket.ts';
export { type Chat, createChat } from './chat.ts';
export type { ChatSnapshot } from './chat-room.ts';
export type { ArchivedMessage, ChatPorts, ChatSession } from './ports.ts';
