import express, { type Router } from 'express';
import { type Answer, restProblem, restRefusal, restResult } from '../calls/answers.js';
import { answering, type Answering } from '../calls/answering.js';
import type { IncomingRequest } from '../calls/incoming-request.js';
import { MagentoError } from '../calls/magento-error.js';
import { PhpException } from '../calls/php-exception.js';
import { fromBinary, rawUrlDecode } from '../php-strings.js';
import type { Caller, UserContext } from './caller.js';
import { restResources } from './rest-resources.js';

interface RestDeps {
  /** In the order in which they are asked. */
  readonly contexts: readonly UserContext[];
  readonly storeUrl: () => string;
}

/** The REST API below `rest/`, with or without a store code. */
export function restRoutes(deps: RestDeps & Answering): Router {
  const router = express.Router();
  router.use(express.raw({ type: () => true }));
  router.use(answering(deps, 'rest', (request) => answered(deps, request)));
  return router;
}

function answered(deps: RestDeps, request: IncomingRequest): Answer {
  try {
    return restResult(result(deps, request));
  } catch (error) {
    if (error instanceof MagentoError) return restRefusal(error);
    if (!(error instanceof TypeError || error instanceof PhpException)) throw error;
    const message =
      'Internal Error. Details are available in Magento log file. Report ID: webapi-1';
    return restProblem(500, { message });
  }
}

/** The route is matched before anyone is authenticated, and the caller judged before the thing is looked up. */
function result(deps: RestDeps, request: IncomingRequest): unknown {
  const path = request.target
    .replace(/\?.*$/s, '')
    .replace(/^.*?\/rest(?=\/)/s, '')
    .replace(/^\/(?:default|all)(?=\/)/, '');
  const resource = restResources.find((candidate) => candidate.path.test(path));
  if (!resource || request.method !== 'GET') {
    throw new MagentoError(404, 'Request does not match any route.');
  }
  if (!isAllowed(callerOf(deps, request), resource.needs)) {
    throw new MagentoError(401, "The consumer isn't authorized to access %resources.", {
      resources: resource.needs,
    });
  }
  const key = resource.path.exec(path)?.[1] ?? '';
  return resource.read(fromBinary(rawUrlDecode(key)), deps.storeUrl());
}

function callerOf({ contexts }: RestDeps, request: IncomingRequest): Caller {
  for (const context of contexts) {
    const caller = context(request);
    if (caller) return caller;
  }
  return { kind: 'guest' };
}

function isAllowed(caller: Caller, resource: string): boolean {
  return 'resources' in caller && caller.resources.includes(resource);
}
