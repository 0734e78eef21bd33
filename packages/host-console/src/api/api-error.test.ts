import { wireError } from '@insp/protocol';
import { expect, test } from 'vitest';
import { ApiError, refusalFromBody, refusalFromWire, refusalOf, sentencesOf } from './api-error.ts';

test('a problem document is read as it is', () => {
  const parts = refusalFromBody(409, {
    code: 'INSP_SHOWS_NOT_READY',
    title: 'Not ready',
    detail: 'No picture',
    fix: 'Start OBS',
    requestId: 'req_1',
  });
  expect(parts).toMatchObject({ code: 'INSP_SHOWS_NOT_READY', status: 409, requestId: 'req_1' });
  expect(sentencesOf(parts)).toEqual({ what: 'Not ready. No picture.', todo: 'Start OBS.' });
});
test('a known code alone is enough for a sentence and a fix', () => {
  expect(sentencesOf(refusalFromBody(401, { code: 'INSP_ACCOUNTS_CREDENTIALS_INVALID' }))).toEqual({
    what: 'E-mail or password is wrong.',
    todo: 'Check both and try again.',
  });
});
test('an unknown code is never shown', () => {
  expect(JSON.stringify(sentencesOf(refusalFromBody(500, { code: 'INSP_FROM_TOMORROW' })))).not.toContain('INSP_');
});
test.each([undefined, null, 'text', []])('a body that is no object still says something: %s', (body) => {
  expect(sentencesOf(refusalFromBody(502, body)).what).toBe('The server answered with status 502.');
});
test('the first fault is told where there is no detail', () => {
  const parts = refusalFromBody(400, { title: 'Does not fit', errors: [{ pointer: '/title', message: 'is too long' }, 'broken'] });
  expect(sentencesOf(parts).what).toBe('Does not fit. title: is too long.');
});
test('a time to wait comes before the general fix', () => {
  expect(sentencesOf(refusalFromWire(wireError('INSP_CHAT_SLOW_MODE', { retryAfterMs: 3_400 }))).todo).toBe('Wait 4 s.');
});
test('whatever was thrown becomes words', () => {
  expect(refusalOf(new ApiError({ code: null, status: 0, title: 'x' })).title).toBe('x');
  expect(refusalOf(new TypeError('boom')).title).toBe('Something broke in this page');
});
