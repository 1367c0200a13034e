import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { AppError, type ErrorCode } from '../errors.js';
import { isPublicAddress, isSameAddress, refusalOf, type StorePolicy } from './store-url.js';

export interface StoreRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** Sent byte for byte as it is signed. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface StoreReply {
  readonly status: number;
  /** The `Location` header, where there is one. */
  readonly location: string | undefined;
  /** The `Date` header, where there is one: the store's clock. */
  readonly date: string | undefined;
  readonly text: string;
}

export interface StoreHttp {
  /** @throws AppError `store_address_forbidden`, `store_busy`, `store_unreachable`, `store_no_reply`, `store_timeout`, `store_tls_untrusted`, `store_reply_too_large`, `store_reply_cut`, `stopping` */
  send(this: void, request: StoreRequest): Promise<StoreReply>;
  /** From now on no call begins; those under way go on. */
  refuseCalls(this: void): void;
  close(this: void): Promise<void>;
}

export interface StoreHttpLimits {
  /** For the whole request, from the look-up of the name to the last byte of the reply. */
  readonly deadlineMs: number;
  readonly replyBytes: number;
}

const usualLimits: StoreHttpLimits = { deadlineMs: 15_000, replyBytes: 64 * 1024 };

/** All addresses of a name. */
export type LookUp = (this: void, hostname: string) => Promise<readonly string[]>;

export interface StoreHttpOptions {
  readonly limits?: StoreHttpLimits | undefined;
  /** The system's look-up where no other is given. */
  readonly lookUp?: LookUp | undefined;
  /** PEM certificates of authorities that are trusted beside those Node.js brings along. */
  readonly extraAuthorities?: readonly string[] | undefined;
}

/** A server may say that it is at work, as with 102 or 103; one that says nothing else does not keep us listening. */
const mostInterimReplies = 20;

/**
 * The one door to a store: the only file that opens an outbound connection. It connects to an address it
 * has looked up and checked itself, follows no redirect, decodes no compression, and gives up in time.
 */
export function storeHttp(
  policy: StorePolicy,
  { limits = usualLimits, lookUp = systemLookUp, extraAuthorities = [] }: StoreHttpOptions = {},
): StoreHttp {
  const agent = new Agent({
    connect: checkedConnector(policy, lookUp, trusting(extraAuthorities)),
    maxResponseSize: limits.replyBytes,
    headersTimeout: limits.deadlineMs,
    bodyTimeout: limits.deadlineMs,
    maxHeaderSize: 16 * 1024,
    pipelining: 1,
    // The calls of one exchange share a connection and its TLS handshake. No longer: a store may close one that idles
    // just as we send over it, after a second at the soonest, and a reply lost that way costs a grant.
    keepAliveTimeout: 500,
    keepAliveMaxTimeout: 500,
  });

  let refusesCalls = false;
  return {
    async send({ method, url, headers, body }) {
      const [, origin = '', path = '/'] = /^([a-z]+:\/\/[^/]+)(\/.*)$/i.exec(url) ?? [];
      if (refusesCalls) throw new AppError('stopping', 'this process is stopping');
      const refusal = refusalOf(new URL(origin), policy);
      if (refusal !== undefined) throw new AppError('store_address_forbidden', refusal);
      let interimReplies = 0;
      let hasStatus = false;
      const signal = AbortSignal.timeout(limits.deadlineMs);
      try {
        const request = agent.request({
          origin,
          path,
          method,
          headers: {
            'accept-encoding': 'identity',
            'user-agent': 'magento-integration-endpoint',
            ...headers,
          },
          body: body ?? null,
          signal,
          onInfo() {
            interimReplies += 1;
            if (interimReplies > mostInterimReplies) throw new Error('too many interim replies');
          },
        });
        const reply = await Promise.race([request, endOf(signal)]);
        hasStatus = true;
        return {
          status: reply.statusCode,
          location: single(reply.headers['location']),
          date: single(reply.headers['date']),
          text: await reply.body.text(),
        };
      } catch (error) {
        throw error instanceof AppError
          ? error
          : failureOf(error, hasStatus, `${method} ${origin}`);
      }
    },
    refuseCalls() {
      refusesCalls = true;
    },
    close: () => agent.close(),
  };
}

/** undici heeds a signal only once it is connected. What is given up before that is not sent any more. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

/** Connects to an address that was checked, never to one that a second look-up might give. */
function checkedConnector(
  policy: StorePolicy,
  lookUp: LookUp,
  secureContext: SecureContext,
): buildConnector.connector {
  const connect = buildConnector({
    timeout: 5_000,
    secureContext,
    // Said here, so that no setting of the environment can say otherwise.
    rejectUnauthorized: true,
    // A resumed session would not show its certificate again.
    maxCachedSessions: 0,
  });
  return (options, callback) => {
    /** Tries the addresses in turn, as a name may have one the store does not listen on. */
    function tryEach([address, ...others]: Addresses): void {
      const servername = isIP(bare(options.hostname)) ? '' : options.hostname;
      connect({ ...options, hostname: address, servername }, (error, socket) => {
        const [next, ...rest] = others;
        if (error && next !== undefined) {
          tryEach([next, ...rest]);
        } else if (error) {
          callback(error, null);
        } else if (socket.remoteAddress === undefined) {
          callback(new Error('the connection was closed at once'), null);
        } else if (!isSameAddress(socket.remoteAddress, address)) {
          socket.destroy();
          callback(forbidden('the connection leads to another address than was checked'), null);
        } else {
          callback(null, socket);
        }
      });
    }
    addressesOf(options.hostname, policy, lookUp).then(tryEach, (error: unknown) => {
      callback(error as Error, null);
    });
  };
}

/** What a connection over TLS trusts: the usual authorities, and others that an operator has named. */
function trusting(extraAuthorities: readonly string[]): SecureContext {
  const ca = [...rootCertificates, ...extraAuthorities];
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(extraAuthorities.length > 0 && { ca }),
  });
}

const systemLookUp: LookUp = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

type Addresses = readonly [string, ...string[]];

/** A name with many dead addresses must not keep us dialling. */
const mostAddresses = 3;

/** The addresses to connect to: the literal itself, or all the name resolves to if none of them is private. */
async function addressesOf(
  hostname: string,
  policy: StorePolicy,
  lookUp: LookUp,
): Promise<Addresses> {
  const literal = bare(hostname);
  const [first, ...others] = isIP(literal) ? [literal] : await lookUp(hostname);
  if (first === undefined) throw new AppError('store_unreachable', 'the name has no address');
  if (!policy.allowPrivate && ![first, ...others].every(isPublicAddress)) {
    throw forbidden("the store's host leads to a private address");
  }
  return [first, ...others.slice(0, mostAddresses - 1)];
}

/** A host name as it stands in a URL, without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function forbidden(reason: string): AppError {
  return new AppError('store_address_forbidden', reason);
}

function failureOf(error: unknown, hasStatus: boolean, request: string): AppError {
  const cause = errorCodeOf(error);
  // With the status line the store has said that it is done, whatever became of the rest.
  const code = hasStatus && cause !== 'store_reply_too_large' ? 'store_reply_cut' : cause;
  return new AppError(code, `${request} failed: ${code}`, { cause: error });
}

/** Where nothing was sent the code says so: what was never asked was not granted either. */
function errorCodeOf(error: unknown): ErrorCode {
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  if (name === 'TimeoutError') return 'store_timeout';
  if (typeof code !== 'string') return 'store_no_reply';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'store_tls_untrusted';
  return codes[code] ?? 'store_no_reply';
}

/** What undici's and the system's error codes mean; any other says that a connection ended early. */
const codes: Readonly<Record<string, ErrorCode>> = {
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'store_reply_too_large',
  UND_ERR_HEADERS_OVERFLOW: 'store_reply_too_large',
  UND_ERR_HEADERS_TIMEOUT: 'store_timeout',
  UND_ERR_BODY_TIMEOUT: 'store_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'store_unreachable',
  ECONNREFUSED: 'store_unreachable',
  ENOTFOUND: 'store_unreachable',
  EAI_AGAIN: 'store_unreachable',
  EHOSTUNREACH: 'store_unreachable',
  ENETUNREACH: 'store_unreachable',
  ETIMEDOUT: 'store_unreachable',
};

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
