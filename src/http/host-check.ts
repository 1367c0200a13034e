import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.js';
import type { Logger } from '../log.js';
import { isHealthProbe } from './health.js';
import { refusePlainly, type PlainHandler } from './plain-answer.js';

/** Names of this machine for itself: local checks and development use them, and nobody else's name leads to them. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** What stands in a `Host` header or in front of a path: a name or an address, perhaps with a dot at its end, a port. */
const hostShape = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::(\d{1,5}))?$/;
const authorityOfTarget = /^[a-z]+:\/\/([^/?#]*)/i;

/**
 * Lets pass what was sent to this app: to the host of `publicUrl`, with its port or none, or, with any port, to
 * loopback or one of `otherHosts`. All else is answered 421, and 400 where `Host` is missing or stands there twice, so
 * that nothing is ever made for a name that somebody else chose. Health probes may use any name. `X-Forwarded-Host` is
 * read nowhere in this app.
 */
export function hostCheck(deps: {
  readonly publicUrl: string;
  readonly otherHosts: readonly string[];
  readonly log: Logger;
}): PlainHandler {
  const isOurs = hostsOfThisApp(deps);
  return (req, res, next) => {
    const count = countOfHosts(req);
    const { host = '' } = req.headers;
    // A request line may hold a whole address; what counts for its sender is then the host in that.
    const target = authorityOfTarget.exec(req.url ?? '')?.[1] ?? host;
    const isForUs = count === 1 && isOurs(host) && (target === host || isOurs(target));
    if (isForUs || isHealthProbe(req)) {
      next();
      return;
    }
    const error =
      count === 1
        ? new AppError('wrong_host', 'the request is for another host')
        : new AppError('bad_request', `the request has ${count} Host headers`);
    const code = refusePlainly(res, error);
    deps.log.warn({
      event: 'request_refused',
      code,
      status: res.statusCode,
      host: (isOurs(host) ? target : host).slice(0, 100),
      err: error,
    });
  };
}

function hostsOfThisApp(deps: {
  readonly publicUrl: string;
  readonly otherHosts: readonly string[];
}): (host: string) => boolean {
  const { hostname, port, protocol } = new URL(deps.publicUrl);
  const publicPort = port || (protocol === 'https:' ? '443' : '80');
  const anyPort = new Set([...loopbackNames, ...deps.otherHosts.map(asInHeader)]);
  return (host) => {
    const [, name = '', itsPort = publicPort] = hostShape.exec(host.toLowerCase()) ?? [];
    return anyPort.has(name) || (name === hostname && Number(itsPort) === Number(publicPort));
  };
}

function asInHeader(host: string): string {
  return host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

/** How many `Host` headers a request has: Node keeps the first, and says nothing of a second. */
function countOfHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') count += 1;
  }
  return count;
}
