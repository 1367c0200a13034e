import type { Request } from 'express';

/** Whether this asks for a page. Whatever does not gets JSON. */
export function wantsPage(req: Request): boolean {
  return req.accepts(['json', 'html']) === 'html';
}
