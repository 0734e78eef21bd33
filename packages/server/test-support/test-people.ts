// People who act as the console does: with cookies, over `inject`, so no port is taken.
import type { Role } from '@insp/protocol';
import type { HttpServer } from '../src/platform/http/index.ts';

type Response = Awaited<ReturnType<HttpServer['inject']>>;
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Somebody signed in. `orgId` is the organization made by `owner()`, or joined by `member()`; empty after `signUp()`. */
export type TestPerson = {
  userId: string;
  email: string;
  orgId: string;
  /** As the browser would send it now. */
  readonly cookie: string;
  call(method: Method, url: string, payload?: object): Promise<Response>;
  get(url: string): Promise<Response>;
  post(url: string, payload?: object): Promise<Response>;
  patch(url: string, payload?: object): Promise<Response>;
  delete(url: string): Promise<Response>;
};

export type People = {
  signUp(email?: string): Promise<TestPerson>;
  signIn(email: string, password: string): Promise<TestPerson>;
  /** Registers somebody with an organization of that name. */
  owner(orgName?: string): Promise<TestPerson>;
  /** Invites a new person into the organization of `owner`, who accepts. */
  member(owner: TestPerson, role: Role): Promise<TestPerson>;
};

const PASSWORD = 'long enough password';

export function createPeople(http: HttpServer): People {
  let personCount = 0;

  async function enter(path: 'sign-up' | 'sign-in', payload: { email: string; password: string; name?: string }): Promise<TestPerson> {
    personCount += 1;
    // An address each, so that people do not use up one another's tries.
    const remoteAddress = `10.1.${personCount >> 8}.${personCount & 255}`;
    const response = await http.inject({ method: 'POST', url: `/v1/auth/${path}/email`, payload, remoteAddress });
    if (response.statusCode !== 200) throw new Error(`${path} of ${payload.email}: ${response.statusCode} ${response.body}`);
    const { user } = response.json<{ user: { id: string; email: string } }>();
    let cookie = '';
    const keep = (answer: Response) => {
      // One cookie only, the session's; an answer that sets it again replaces it (change-password does).
      const lines = [answer.headers['set-cookie'] ?? []].flat();
      const session = lines.find((line) => line.includes('session_token=') && !/Max-Age=0/i.test(line));
      if (session !== undefined) cookie = session.split(';')[0]!;
      return answer;
    };
    keep(response);
    const call = async (method: Method, url: string, body?: object) =>
      keep(await http.inject({ method, url, payload: body, headers: { cookie }, remoteAddress }));
    return {
      userId: user.id,
      email: user.email,
      orgId: '',
      get cookie() {
        return cookie;
      },
      call,
      get: (url) => call('GET', url),
      post: (url, body) => call('POST', url, body),
      patch: (url, body) => call('PATCH', url, body),
      delete: (url) => call('DELETE', url),
    };
  }

  const signUp = (email = `person${personCount}@example.test`) => enter('sign-up', { email, password: PASSWORD, name: 'Test Person' });

  return {
    signUp,
    signIn: (email, password) => enter('sign-in', { email, password }),
    async owner(orgName = 'Test organization') {
      const person = await signUp();
      const { organizationId } = (await person.post('/v1/auth/organization/create', { name: orgName })).json<{ organizationId: string }>();
      return Object.assign(person, { orgId: organizationId });
    },
    async member(owner, role) {
      const email = `member${personCount}@example.test`;
      const { id } = (await owner.post('/v1/organization/invitations', { email, role })).json<{ id: string }>();
      const person = await signUp(email);
      const joined = await person.post('/v1/auth/organization/accept-invitation', { invitationId: id });
      if (joined.statusCode !== 200) throw new Error(`joining as ${role}: ${joined.body}`);
      return Object.assign(person, { orgId: owner.orgId });
    },
  };
}
