import type { IncomingRequest } from '../calls/incoming-request.js';
import { protocolParameters } from '../oauth/protocol-parameters.js';
import { baseStrings } from '../oauth/signature.js';
import type { ReleaseTraits } from '../releases.js';

type Generation = ReleaseTraits['baseString'];

/** The base string of a request as each generation of Magento builds it; one in which PHP fails at it is not there. */
export function baseStringsOf(request: IncomingRequest): ReadonlyMap<Generation, string> {
  const found = new Map<Generation, string>();
  for (const generation of ['zend', 'laminas', 'magento'] as const) {
    const baseString = baseStringBy(generation, request);
    if (baseString !== undefined) found.set(generation, baseString);
  }
  return found;
}

function baseStringBy(generation: Generation, request: IncomingRequest): string | undefined {
  try {
    const parameters = protocolParameters(request, { baseString: generation });
    return baseStrings[generation](request, parameters);
  } catch {
    return undefined;
  }
}
