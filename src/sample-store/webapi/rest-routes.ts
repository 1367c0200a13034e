import express, { type Router } from 'express';
import { type Answer, restProblem, restRefusal, restResult } from '../calls/answers.js';
import { answering, type Answering } from '../answering.js';
import { type IncomingRequest, wholeBody } from '../calls/incoming-request.js';
import { MagentoError } from '../calls/magento-error.js';
import { PhpException } from '../calls/php-exception.js';
import { refusalOf } from './accept.js';
import type { Caller, UserContext } from './caller.js';
import type { StoreData } from './data/store-data.js';
import { filtered } from './fields-filter.js';
import { checkPermission } from './permissions.js';
import { isPhpArray, memberOf } from './php-array.js';
import { inputOf } from './request-input.js';
import { matchRoute, type RestRoute } from './rest-route.js';

interface RestDeps {
  /** In the order in which they are asked. */
  readonly contexts: readonly UserContext[];
  readonly routes: readonly RestRoute[];
  readonly data: StoreData;
  readonly storeUrl: () => string;
}

/** The REST API below `rest/`, with or without a store code. */
export function restRoutes(deps: RestDeps & Answering): Router {
  const router = express.Router();
  router.use(wholeBody());
  router.use(answering(deps, 'rest', (request) => answered(deps, request)));
  return router;
}

function answered(deps: RestDeps, request: IncomingRequest): Answer {
  try {
    return refusalOf(request.headers.accept) ?? restResult(result(deps, request));
  } catch (error) {
    if (error instanceof MagentoError) return restRefusal(error);
    if (!(error instanceof TypeError || error instanceof PhpException)) throw error;
    const message =
      'Internal Error. Details are available in Magento log file. Report ID: webapi-1';
    return restProblem(500, { message });
  }
}

/**
 * The route is matched before anyone is authenticated, the caller judged before the body is read, and the body read
 * before the thing is looked up.
 */
function result(deps: RestDeps, request: IncomingRequest): unknown {
  const match = matchRoute(deps.routes, request.method, pathOf(request.target));
  if (!match) throw new MagentoError(404, 'Request does not match any route.');
  const { route, parameters } = match;
  const caller = callerOf(deps, route, request);
  checkPermission(route.resources, caller);
  const input = inputOf(request, parameters);
  const answer = route.answer({ input, data: deps.data, storeUrl: deps.storeUrl(), caller });
  const fields = memberOf(input, 'fields') ?? '';
  if (fields === '' || !isPhpArray(answer)) return answer;
  return filtered(answer, typeof fields === 'string' ? fields : '');
}

/** The path below `rest/` and a store code; a code that no store view has is part of the path. */
function pathOf(target: string): string {
  return target
    .replace(/\?.*$/s, '')
    .replace(/^.*?\/rest(?=\/)/s, '')
    .replace(/^\/(?:default|all)(?=\/)/, '');
}

/** Where anyone may call nobody is asked who does, so that not even a bad signature is noticed. */
function callerOf({ contexts }: RestDeps, route: RestRoute, request: IncomingRequest): Caller {
  if (route.resources.every((resource) => resource === 'anonymous')) return { kind: 'guest' };
  for (const context of contexts) {
    const caller = context(request);
    if (caller) return caller;
  }
  return { kind: 'guest' };
}
