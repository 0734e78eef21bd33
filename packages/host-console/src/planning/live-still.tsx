// What the camera sends now, beside the name of the show: a still every few seconds.
import { useEffect, useState } from 'react';
import classes from './live-still.module.css';

/** The pace the server makes them at. */
const EVERY_MS = 5_000;

/** Nothing while there is no still: no encoder, or a server without ffmpeg. `playlistUrl`: the still is its neighbour. */
export function LiveStill({ playlistUrl }: { playlistUrl: string }) {
  const [turn, setTurn] = useState(0);
  const [isThere, setIsThere] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setTurn((count) => count + 1);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const address = new URL('still.jpg', playlistUrl);
  // Else the browser shows the one it has.
  address.searchParams.set('turn', String(turn));
  return (
    <span className={classes.still} hidden={!isThere}>
      <img src={address.href} alt="" onLoad={() => setIsThere(true)} onError={() => setIsThere(false)} />
    </span>
  );
}
