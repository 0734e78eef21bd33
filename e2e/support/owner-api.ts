// The owner at the HTTP API: signs in with the one-time password, chooses an own one, then speaks JSON with the
// session's cookie, as the console does.
import type { InspSystem } from './start-system.ts';

/** `publicUrl`: what browsers call it, where that is another address than the one we ask. */
export type SignInPlace = Pick<InspSystem, 'inspUrl' | 'ownerEmail' | 'oneTimePassword'> & { readonly publicUrl?: string };

export type OwnerApi = {
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
};

export async function signInOwner(system: SignInPlace, password: string): Promise<OwnerApi> {
  let cookie = '';
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(system.inspUrl + path, {
      method,
      headers: {
        cookie,
        origin: system.publicUrl ?? system.inspUrl,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (set.length > 0) cookie = set.join('; ');
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  const { ownerEmail: email, oneTimePassword } = system;
  await call('POST', '/v1/auth/sign-in/email', { email, password: oneTimePassword });
  await call('POST', '/v1/auth/change-password', {
    currentPassword: oneTimePassword,
    newPassword: password,
    revokeOtherSessions: true,
  });
  return { call };
}
