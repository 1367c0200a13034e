import { AppError } from '../errors.js';

const longest = 2048;
/** A name or an address as a browser writes it; it also takes others, which mean something of their own in a policy. */
const hostShape = /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)$/;
const magentoPath = /\/admin\/integration\/loginSuccessCallback(\/key\/[0-9a-f]{64})?\/?$/;

/**
 * Checks a `success_call_back` and answers its origin. The address itself is never changed: Magento compares
 * it with the popup's, character by character. Its host may be another than the store's, since an admin may
 * have a domain of its own; its shape may not.
 *
 * @throws AppError `callback_refused`
 * @see docs/magento.md, "The success callback"
 */
export function checkSuccessCallback(text: string, { allowHttp }: { allowHttp: boolean }): string {
  if (text.length > longest || !/^[!-~]+$/.test(text) || /[\\?#]/.test(text)) {
    throw refused('holds characters that no address of a Magento admin has');
  }
  const [, authority = '', path = ''] = /^https?:\/\/([^/]+)(\/.*)$/i.exec(text) ?? [];
  if (!URL.canParse(text) || authority.includes('@') || !magentoPath.test(path)) {
    throw refused('is not the address of a Magento admin');
  }
  const url = new URL(text);
  if (url.pathname !== path) throw refused('holds a path that a browser would rewrite');
  if (!hostShape.test(url.hostname)) throw refused('names no host that there can be');
  if (url.protocol === 'http:' && !allowHttp) throw refused('is not https');
  return url.origin;
}

function refused(reason: string): AppError {
  return new AppError('callback_refused', `success_call_back ${reason}`);
}
