import type { IncomingMessage } from 'node:http';
import { parse, type ParsedUrlQuery } from 'node:querystring';
import { AppError } from '../errors.js';

const mostBytes = 4096;
const mostFields = 64;

/** The media type with its parameters, of which only the charset means something. */
const formType =
  /^application\/x-www-form-urlencoded[ \t]*(;[ \t]*[\w-]+=(?:[\w.-]+|"[^"]*")[ \t]*)*$/i;
const foreignCharset = /charset="?(?!utf-8"?(?:[ \t;]|$))/i;

/**
 * Reads the urlencoded form of a request that no framework has touched; two fields of one name become an array. How
 * long the body may take is the server's `requestTimeout`. Answers `undefined` when the sender is gone before its end.
 *
 * @throws AppError `not_form_encoded`, `too_large`
 */
export async function readSmallForm(req: IncomingMessage): Promise<ParsedUrlQuery | undefined> {
  checkHead(req);
  const text = await readText(req);
  return text === undefined ? undefined : parseForm(text);
}

function readText(req: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const chunks: Buffer[] = [];
    // What is too much is still read, and dropped: else the sender might not see the answer.
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) chunks.push(chunk);
      else reject(tooLarge(`more than ${mostBytes} bytes`));
    });
    req.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    req.on('error', () => undefined);
    req.on('close', () => {
      resolve(undefined);
    });
  });
}

/** What can be refused before anything is read. */
function checkHead({ headers }: IncomingMessage): void {
  const type = headers['content-type'] ?? '';
  const isForm = formType.test(type) && !foreignCharset.test(type);
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  if (!isForm || !isPlain) {
    throw new AppError('not_form_encoded', 'the body is not application/x-www-form-urlencoded');
  }
  const length = headers['content-length'] ?? '0';
  if (Number(length) > mostBytes) throw tooLarge(`${length} bytes`);
}

function parseForm(text: string): ParsedUrlQuery {
  let fields = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) fields += 1;
  if (fields > mostFields) throw tooLarge(`more than ${mostFields} fields`);
  return parse(text);
}

function tooLarge(what: string): AppError {
  return new AppError('too_large', `the form has ${what}`);
}
