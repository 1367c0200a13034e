import type { Request, Response } from 'express';
import { csrfTokenOf } from './console-session.js';
import { operatorOf } from './require-operator.js';

/** What stands around every page of the console: who is signed in, and the token of the forms. */
export interface FrameView {
  readonly operator: string;
  readonly csrfToken: string;
}

export function frameOf(
  req: Request,
  res: Response,
  deps: { readonly randomToken: () => string },
): FrameView {
  return { operator: operatorOf(res).name, csrfToken: csrfTokenOf(req, deps) };
}
