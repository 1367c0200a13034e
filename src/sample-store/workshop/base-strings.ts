import type { IncomingRequest } from '../calls/incoming-request.js';
import { protocolParameters } from '../oauth/protocol-parameters.js';
import { baseString } from '../oauth/signature.js';
import type { ReleaseTraits } from '../releases.js';

type Generation = ReleaseTraits['baseString'];

/** The base string of a request as each generation of Magento builds it; one in which PHP fails at it is not there. */
export function baseStringsOf(request: IncomingRequest): ReadonlyMap<Generation, string> {
  try {
    return new Map([['magento', baseString(request, protocolParameters(request))]]);
  } catch {
    return new Map();
  }
}
