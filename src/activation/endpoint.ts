import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ParsedUrlQuery } from 'node:querystring';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { clientAddress, type TrustedProxy } from '../http/client-address.js';
import { answerPlainly, refusePlainly, type PlainHandler } from '../http/plain-answer.js';
import { readSmallForm } from '../http/small-form.js';
import type { InvitationStore } from '../invitations/invitation-store.js';
import { isAtHost } from '../invitations/store-host.js';
import { parseStoreBaseUrl, type StorePolicy } from '../magento/store-url.js';
import { supportCode } from '../timeline/support-code.js';
import { invitationWith } from './invitation-with.js';
import { probe, type ProbeDeps } from './probe.js';
import { receiveActivation, type ReceiveDeps, type ReceivedFields } from './receive-activation.js';

export interface EndpointDeps extends ReceiveDeps, ProbeDeps {
  readonly storePolicy: StorePolicy;
  readonly invitations: Pick<InvitationStore, 'findByToken'>;
  /** Takes note of work that goes on after the answer: a stop waits for it. */
  readonly underWay: <Result>(work: Promise<Result>) => Promise<Result>;
}

/**
 * Either spelling, or with the token of an invitation; with a slash at its end or without; letters but those of the
 * token may be large, as Express takes them.
 */
const endpointUrl = /^(?:https?:\/\/[^/?#]*)?\/endpoint(?:\.php|\/([^/?#]+))?\/?(?:[?#]|$)/i;

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
 * connected is asked, afterwards, what a POST with its key was worth. It stands in front of Express, which would take
 * several times as long for it as all the rest.
 *
 * `POST /endpoint/<token>` is the same at an invited merchant's own address, and reads that invitation first.
 *
 * @see docs/magento.md, "The activation POST"
 */
export function endpoint(deps: EndpointDeps, isTrusted: TrustedProxy): PlainHandler {
  return (req, res, next) => {
    const address = endpointUrl.exec(req.url ?? '');
    if (!address) {
      next();
      return;
    }
    const startedAt = performance.now();
    /** What the one line for this request says beside what became of it. */
    const outcome = () => ({
      status: res.statusCode,
      answered: !res.destroyed,
      ms: Math.round(performance.now() - startedAt),
    });
    take(deps, req, clientAddress(req, isTrusted), address[1])
      .then((received) => {
        if (!received) {
          deps.log.info({ event: 'activation_broken_off', ...outcome() });
          return;
        }
        answerPlainly(res, 200, 'The activation was received.\n');
        const { consumerKey, storeBaseUrl, isConnected } = received;
        deps.log.info({
          event: 'activation_received',
          activation: supportCode(consumerKey),
          store: new URL(storeBaseUrl).host,
          ...outcome(),
        });
        if (isConnected) void deps.underWay(probe(deps, consumerKey));
      })
      .catch((error: unknown) => {
        const code = refuse(res, error);
        const level = res.statusCode >= 500 ? 'error' : 'warn';
        deps.log[level]({ event: 'activation_refused', code, ...outcome(), err: error });
      });
  };
}

interface Received extends ReceivedFields {
  readonly isConnected: boolean;
}

/** Answers what was stored; `undefined` when the sender is gone before the end of the form. */
async function take(
  deps: EndpointDeps,
  req: IncomingMessage,
  from: string,
  token: string | undefined,
): Promise<Received | undefined> {
  if (req.method !== 'POST') {
    throw new AppError('method_not_allowed', `${req.method ?? 'no method'} on the endpoint`);
  }
  if (token !== undefined) return takeInvited(deps, req, from, token);
  const form = await readSmallForm(req);
  if (!form) return undefined;
  const fields = readFields(form, deps.storePolicy);
  const { isConnected } = await receiveActivation(deps, fields, from);
  return { ...fields, isConnected };
}

/** As `take`, for the account that was invited with this token. What it has to ask Redis first shortens what is left. */
async function takeInvited(
  deps: EndpointDeps,
  req: IncomingMessage,
  from: string,
  token: string,
): Promise<Received | undefined> {
  const [invitation, read] = await Promise.all([
    invitationWith(deps, token),
    readSmallForm(req).then((form) => form && { form, at: performance.now() }),
  ]);
  if (!read) return undefined;
  const posted = readFields(read.form, deps.storePolicy);
  if (invitation.storeHost !== undefined && !isAtHost(posted.storeBaseUrl, invitation.storeHost)) {
    throw new AppError('store_not_expected', 'the store is at another host');
  }
  const fields = { ...posted, account: invitation.account };
  const { isConnected } = await receiveActivation(deps, fields, from, read.at);
  return { ...fields, isConnected };
}

function readFields(form: ParsedUrlQuery, storePolicy: StorePolicy): ReceivedFields {
  const { data, error } = activationPost.safeParse(form);
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

/** Every failure of this address. Answers its code. */
function refuse(res: ServerResponse, error: unknown): string {
  const { status } = answerFor(error);
  if (status === 405) res.setHeader('Allow', 'POST');
  if (status === 429) res.setHeader('Retry-After', '60');
  return refusePlainly(res, error);
}
