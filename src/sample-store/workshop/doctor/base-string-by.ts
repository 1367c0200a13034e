import type { IncomingRequest } from '../../calls/incoming-request.js';
import { protocolParameters } from '../../oauth/protocol-parameters.js';
import { baseStrings } from '../../oauth/signature.js';
import type { ReleaseTraits } from '../../releases.js';

/** The base string of a request as a generation of Magento builds it; `undefined` where PHP fails at it. */
export function baseStringBy(
  generation: ReleaseTraits['baseString'],
  request: IncomingRequest,
): string | undefined {
  try {
    const parameters = protocolParameters(request, { baseString: generation });
    return baseStrings[generation](request, parameters);
  } catch {
    return undefined;
  }
}
