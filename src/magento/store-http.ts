import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { AppError, type ErrorCode } from '../errors.js';
import { isPublicAddress, refusalOf, type StorePolicy } from './store-url.js';

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

/**
 * The one door to a store: the only file that opens an outbound connection. It connects to an address it
 * has looked up and checked itself, follows no redirect, decodes no compression, and gives up in time.
 */
export function storeHttp(policy: StorePolicy, limits = usualLimits): StoreHttp {
  const agent = new Agent({
    connect: checkedConnector(policy),
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
      let hasStatus = false;
      try {
        const reply = await agent.request({
          origin,
          path,
          method,
          headers: {
            'accept-encoding': 'identity',
            'user-agent': 'magento-integration-endpoint',
            ...headers,
          },
          body: body ?? null,
          signal: AbortSignal.timeout(limits.deadlineMs),
        });
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

/** Connects to an address that was checked, never to one that a second look-up might give. */
function checkedConnector(policy: StorePolicy): buildConnector.connector {
  const connect = buildConnector({ timeout: 5_000 });
  return (options, callback) => {
    /** Tries the addresses in turn, as a name may have one the store does not listen on. */
    function tryNext([address, ...others]: readonly string[]): void {
      const servername = isIP(bare(options.hostname)) ? '' : options.hostname;
      connect({ ...options, hostname: address ?? '', servername }, (error, socket) => {
        if (error && others.length > 0) {
          tryNext(others);
        } else if (error) {
          callback(error, null);
        } else if (!policy.allowPrivate && !isPublicAddress(socket.remoteAddress ?? '0.0.0.0')) {
          socket.destroy();
          callback(forbidden(), null);
        } else {
          callback(null, socket);
        }
      });
    }
    addressesOf(options.hostname, policy).then(tryNext, (error: unknown) => {
      callback(error as Error, null);
    });
  };
}

/** A name with many dead addresses must not keep us dialling. */
const mostAddresses = 3;

/** The addresses to connect to: the literal itself, or all the name resolves to if none of them is private. */
async function addressesOf(hostname: string, policy: StorePolicy): Promise<string[]> {
  const addresses = isIP(bare(hostname))
    ? [bare(hostname)]
    : (await lookup(hostname, { all: true })).map(({ address }) => address);
  if (!policy.allowPrivate && !addresses.every(isPublicAddress)) throw forbidden();
  return addresses.slice(0, mostAddresses);
}

/** A host name as it stands in a URL, without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function forbidden(): AppError {
  return new AppError('store_address_forbidden', "the store's host leads to a private address");
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
