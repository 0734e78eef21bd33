// Entry of the player chunk; the loader imports it when the first element needs a player.
export { mountPlayer } from './element/mount.ts';
