import { Router, type ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { KeyRing } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { form, formOnly } from '../http/form.js';
import { parseStoreBaseUrl, type StorePolicy } from '../magento/store-url.js';
import { probe, type ProbeDeps } from './probe.js';
import { receiveActivation, type ReceivedFields } from './receive-activation.js';
import { supportCode } from './support-code.js';

export interface EndpointDeps extends ProbeDeps {
  readonly ring: KeyRing;
  readonly storePolicy: StorePolicy;
  /** Takes note of work that goes on after the answer: a stop waits for it. */
  readonly underWay: <Result>(work: Promise<Result>) => Promise<Result>;
}

const magentoString = z.string().regex(/^[0-9a-z]{32}$/);

/** The four fields, each once and a plain string; whatever else was posted is dropped here. */
const activationPost = z.object({
  oauth_consumer_key: magentoString,
  oauth_consumer_secret: magentoString,
  oauth_verifier: magentoString,
  store_base_url: z.string(),
});

/**
 * `POST /endpoint`: Magento's "Save and Activate", server to server, unsigned. Magento allows 5 s, follows no
 * redirect, ignores status and body, and opens the popup only afterwards. So this makes one durable write and
 * answers, with neither session nor cookie, and sends nothing to any address that the POST names. Only a store that is
 * connected is asked, afterwards, what a POST with its key was worth.
 *
 * @see docs/magento.md, "The activation POST"
 */
export function endpointRoutes(deps: EndpointDeps): Router {
  const router = Router();
  const endpoint = router.route(['/endpoint', '/endpoint.php']);

  endpoint.post(formOnly, form(), async (req, res) => {
    const fields = readFields(req.body, deps.storePolicy);
    const { isConnected } = await receiveActivation(deps, fields, req.ip ?? '');
    deps.log.info({
      event: 'activation_received',
      activation: supportCode(fields.consumerKey),
      store: new URL(fields.storeBaseUrl).host,
    });
    res.type('text/plain').send('The activation was received.\n');
    if (isConnected) void deps.underWay(probe(deps, fields.consumerKey));
  });
  endpoint.all((req) => {
    throw new AppError('method_not_allowed', `${req.method} on the endpoint`);
  });
  endpoint.all(plainErrors(deps));
  return router;
}

function readFields(body: unknown, storePolicy: StorePolicy): ReceivedFields {
  const { data, error } = activationPost.safeParse(body);
  if (error) {
    const names = error.issues.map(({ path }) => path.join('.'));
    throw new AppError('invalid_activation', `missing, repeated or malformed: ${names.join(', ')}`);
  }
  return {
    consumerKey: data.oauth_consumer_key,
    consumerSecret: data.oauth_consumer_secret,
    verifier: data.oauth_verifier,
    storeBaseUrl: parseStoreBaseUrl(data.store_base_url, storePolicy),
  };
}

/** Every failure of this address, as one line of plain text: its reader is a program or its log. */
function plainErrors({ log }: { readonly log: Logger }): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const { status, code, text } = answerFor(error);
    log[status >= 500 ? 'error' : 'warn']({
      event: 'activation_refused',
      code,
      status,
      err: error,
    });
    if (status === 405) res.set('Allow', 'POST');
    const reason = error instanceof AppError && status < 500 ? ` ${error.message}` : '';
    res.status(status).type('text/plain').send(`${code}: ${text}${reason}\n`);
  };
}
