export { attachWebSockets, type WebSocketConnection, type WebSocketListener, type WebSocketOptions } from './web-socket-server.ts';
