// The owner of the first start, signed in as a browser would be: the one-time password from the screen, then an own one.
import type { SendOwner } from '@insp/simulator';
import type { InspProcess, Installation } from './insp-process.ts';

const EMAIL = 'owner@insp.localhost';
const OWN_PASSWORD = 'a password of my own';

/** `send` lives on over restarts: the session is in the database. */
export async function signInFirstOwner(at: Installation, insp: InspProcess): Promise<SendOwner> {
  const oneTimePassword = /sign in as \S+ with ([a-z0-9-]{23})/.exec(insp.output())?.[1];
  if (oneTimePassword === undefined) throw new Error(`no one-time password on the screen:\n${insp.output()}`);
  let cookie = await post('/v1/auth/sign-in/email', { email: EMAIL, password: oneTimePassword }, '');
  cookie = (await post('/v1/auth/change-password', { currentPassword: oneTimePassword, newPassword: OWN_PASSWORD }, cookie)) || cookie;
  return (path, init) => fetch(at.url + path, { ...init, headers: { ...init.headers, cookie }, signal: AbortSignal.timeout(30_000) });

  /** Answers the session cookie the answer sets. */
  async function post(path: string, body: object, cookie: string): Promise<string> {
    const headers = { 'content-type': 'application/json', ...(cookie !== '' && { cookie }) };
    const answer = await fetch(at.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const line = answer.headers.getSetCookie().find((each) => each.includes('session_token=') && !/max-age=0/i.test(each));
    return line?.split(';')[0] ?? '';
  }
}
