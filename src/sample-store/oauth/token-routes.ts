import express, { type Router } from 'express';
import { type Answer, page, tokenPair, tokenProblem, tokenRefusal } from '../calls/answers.js';
import { answering, type Answering } from '../answering.js';
import { type IncomingRequest, wholeBody } from '../calls/incoming-request.js';
import { MagentoError } from '../calls/magento-error.js';
import { PhpException } from '../calls/php-exception.js';
import { baseUrlRedirect, type Redirecting } from './base-url-redirect.js';
import type { Tables } from './oauth-checks.js';
import { grantAccessToken, grantRequestToken } from './token-exchange.js';
import type { TokenPair } from '../integrations/token-rows.js';

/** `oauth/token/request` and `oauth/token/access`, by any HTTP method, as in Magento. */
export function tokenRoutes(deps: Tables & Answering & Redirecting): Router {
  const router = express.Router();
  router.use(wholeBody());
  router.all(
    '/request',
    answering(deps, 'request', answered(deps, 'oauth/token/request', grantRequestToken)),
  );
  router.all(
    '/access',
    answering(deps, 'access', answered(deps, 'oauth/token/access', grantAccessToken)),
  );
  return router;
}

function answered(
  deps: Tables & Redirecting,
  path: string,
  grant: (tables: Tables, request: IncomingRequest) => TokenPair,
): (request: IncomingRequest) => Answer {
  return (request) => {
    const redirect = baseUrlRedirect(deps, request, path);
    if (redirect) return redirect;
    try {
      return tokenPair(grant(deps, request));
    } catch (error) {
      if (error instanceof MagentoError) return tokenRefusal(error);
      if (error instanceof PhpException) return tokenProblem(500, internalError(error));
      // PHP's own errors are not caught by the controllers: a blank page says that something broke.
      if (error instanceof TypeError) return page(500, 'An error has happened.');
      throw error;
    }
  };
}

function internalError({ message }: PhpException): string {
  return `internal_error&message=${message}`;
}
