import { AppError } from '../errors.js';
import type { Logger } from '../log.js';
import type { TrustedProxy } from './client-address.js';
import { isHealthProbe } from './health.js';
import { refusePlainly, type PlainHandler } from './plain-answer.js';

/**
 * Where people reach the app by https, refuses what a trusted proxy says came to it over http: an activation's secret,
 * or a password, has then been readable on the way. It is no redirect, which Magento would not follow, and after
 * which it would believe the activation delivered. Without `TRUST_PROXY` nobody is believed, and nothing refused.
 */
export function httpsCheck(
  deps: { readonly publicUrl: string; readonly log: Logger },
  isTrusted: TrustedProxy,
): PlainHandler {
  if (!deps.publicUrl.startsWith('https:')) {
    return (_req, _res, next) => {
      next();
    };
  }
  return (req, res, next) => {
    const scheme = String(req.headers['x-forwarded-proto'] ?? 'https').split(',')[0];
    const cameOverHttp =
      scheme?.trim().toLowerCase() === 'http' && isTrusted(req.socket.remoteAddress ?? '', 0);
    if (!cameOverHttp || isHealthProbe(req)) {
      next();
      return;
    }
    const fix = `Callback URL must begin with https://, as in ${deps.publicUrl}`;
    const error = new AppError('not_https', fix);
    const code = refusePlainly(res, error);
    deps.log.warn({ event: 'request_refused', code, status: res.statusCode, err: error });
  };
}
