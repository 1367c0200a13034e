import { MagentoError } from '../calls/magento-error.js';
import { everything } from './acl.js';
import type { Caller } from './caller.js';

/**
 * Refuses a caller who lacks one of a route's resources. Each is looked for as it stands: a parent in the tree does
 * not bring its children.
 *
 * @see docs/magento.md, "Error body"
 */
export function checkPermission(resources: readonly string[], caller: Caller): void {
  if (resources.every((resource) => isAllowed(caller, resource))) return;
  throw new MagentoError(401, "The consumer isn't authorized to access %resources.", {
    resources: resources.join(', '),
  });
}

function isAllowed(caller: Caller, resource: string): boolean {
  if (resource === 'anonymous') return true;
  if (resource === 'self') return caller.kind === 'customer';
  if (!('resources' in caller)) return false;
  return caller.resources.includes(resource) || caller.resources.includes(everything);
}
