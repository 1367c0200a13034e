import type { IncomingHttpHeaders } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';

/** A request exactly as it came over the wire, every string binary (see php-strings.ts). */
export interface IncomingRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** The Host header. */
  readonly host: string;
  /** The raw request target: path and query, never re-serialised, because it is what was signed. */
  readonly target: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Collects the whole body, of whatever type; 413 for one beyond 1 MiB, which is nginx's own limit. */
export function wholeBody(): RequestHandler {
  return express.raw({ type: () => true, limit: '1mb' });
}

/**
 * Reads a request whose body `wholeBody` has collected. The scheme is https over TLS, or if the
 * offloader header says exactly that.
 *
 * @see docs/magento.md, "Where parameters are read"
 */
export function incomingRequest(req: Request): IncomingRequest {
  const body: unknown = req.body;
  return {
    method: req.method,
    scheme: req.secure || req.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http',
    host: req.headers.host ?? '',
    target: req.originalUrl,
    authorization: req.headers.authorization ?? '',
    contentType: req.headers['content-type'] ?? '',
    headers: req.headers,
    body: Buffer.isBuffer(body) ? body.toString('latin1') : '',
  };
}

/** The query of a request target, without its question mark. */
export function queryOf(target: string): string {
  const start = target.indexOf('?');
  return start < 0 ? '' : target.slice(start + 1);
}
