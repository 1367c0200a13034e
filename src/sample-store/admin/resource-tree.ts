import { aclTree, type AclResource, allPermissions } from '../webapi/acl.js';

/** A resource as one page shows it. */
export interface ShownResource {
  readonly id: string;
  readonly title: string;
  readonly isGiven: boolean;
  readonly children: readonly ShownResource[];
}

/** What stands below the root, which has no box of its own. */
const tree = aclTree.children;

/** Whether this is everything that some call of this store asks for. */
export function isEverything(resources: readonly string[]): boolean {
  return allPermissions.every((permission) => resources.includes(permission));
}

/** The whole tree, to tick. */
export function tickableTree(given: readonly string[]): readonly ShownResource[] {
  return shown(tree, given);
}

/** What is left of the tree around the resources given. What the tree does not know stands at the end. */
export function givenTree(given: readonly string[]): readonly ShownResource[] {
  const unknown = given.filter((id) => !allPermissions.includes(id));
  return [
    ...pruned(shown(tree, given)),
    ...unknown.map((id) => ({ id, title: id, isGiven: true, children: [] })),
  ];
}

function shown(tree: readonly AclResource[], given: readonly string[]): readonly ShownResource[] {
  return tree.map(({ id, title, children }) => ({
    id,
    title,
    isGiven: given.includes(id),
    children: shown(children, given),
  }));
}

function pruned(tree: readonly ShownResource[]): readonly ShownResource[] {
  return tree
    .map((resource) => ({ ...resource, children: pruned(resource.children) }))
    .filter(({ isGiven, children }) => isGiven || children.length > 0);
}
