import { allPermissions } from '../webapi/rest-resources.js';

/** A resource of the access control list, with those that stand below it. */
export interface Resource {
  readonly id: string;
  readonly title: string;
  readonly children: readonly Resource[];
}

/** A resource as one page shows it. */
export interface ShownResource {
  readonly id: string;
  readonly title: string;
  readonly isGiven: boolean;
  readonly children: readonly ShownResource[];
}

/** The resources that an integration of this store can be given. */
export const aclTree: readonly Resource[] = [
  {
    id: 'Magento_Catalog::catalog',
    title: 'Catalog',
    children: [
      {
        id: 'Magento_Catalog::catalog_inventory',
        title: 'Inventory',
        children: [{ id: 'Magento_Catalog::products', title: 'Products', children: [] }],
      },
    ],
  },
  {
    id: 'Magento_Backend::stores',
    title: 'Stores',
    children: [
      {
        id: 'Magento_Backend::stores_settings',
        title: 'Settings',
        children: [{ id: 'Magento_Backend::store', title: 'All Stores', children: [] }],
      },
    ],
  },
];

/** Every id of the tree: what _All_ gives. */
export const allResources: readonly string[] = idsOf(aclTree);

/** Whether this is everything that some call of this store asks for. */
export function isEverything(resources: readonly string[]): boolean {
  return allPermissions.every((permission) => resources.includes(permission));
}

/** The whole tree, to tick. */
export function tickableTree(given: readonly string[]): readonly ShownResource[] {
  return shown(aclTree, given);
}

/** What is left of the tree around the resources given. What the tree does not know stands at the end. */
export function givenTree(given: readonly string[]): readonly ShownResource[] {
  const unknown = given.filter((id) => !allResources.includes(id));
  return [
    ...pruned(shown(aclTree, given)),
    ...unknown.map((id) => ({ id, title: id, isGiven: true, children: [] })),
  ];
}

function shown(tree: readonly Resource[], given: readonly string[]): readonly ShownResource[] {
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

function idsOf(tree: readonly Resource[]): readonly string[] {
  return tree.flatMap(({ id, children }) => [id, ...idsOf(children)]);
}
