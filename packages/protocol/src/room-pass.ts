/**
 * Query parameter of a room's socket address: who was in the room before, or is staff, says so. A server that takes no
 * new viewers then does not turn the socket away before it could say hello.
 */
export const ROOM_PASS = 'pass';
