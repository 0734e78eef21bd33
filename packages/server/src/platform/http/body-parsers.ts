// Bodies: JSON (with prototype poisoning refused), text, or the raw bytes where a route checks a signature.
import type { HttpServer } from './create-http-server.ts';

/** Registers the parsers; everything else is refused as an unsupported media type. */
export function addBodyParsers(http: HttpServer): void {
  const parseJson = http.getDefaultJsonParser('error', 'error');
  http.removeAllContentTypeParsers();
  http.addContentTypeParser<Buffer>(/^application\/([a-z.+-]+\+)?json/, { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.config.rawBody) return done(null, body);
    // Many clients send the JSON content type with no body at all, for instance on POST .../go-live.
    if (body.length === 0) return done(null, undefined);
    void parseJson(request, body.toString('utf8'), done);
  });
  http.addContentTypeParser<string>(/^text\//, { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
