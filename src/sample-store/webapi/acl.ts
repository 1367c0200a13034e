/** A permission as it stands in the tree that an admin ticks. */
export interface AclResource {
  /** As in Magento's `acl.xml`: `Magento_Catalog::products`. */
  readonly id: string;
  readonly title: string;
  readonly children: readonly AclResource[];
}

/** Granted instead of single permissions when an admin chooses *All*: it stands for every one. */
export const everything = 'Magento_Backend::all';

/** The part of Magento's tree that leads to what the routes need, with one module of a shop's own. */
export const aclTree: AclResource = resource('Magento_Backend::admin', 'Magento Admin', [
  resource('Magento_Sales::sales', 'Sales', [
    resource('Magento_Sales::sales_operation', 'Operations', [
      resource('Magento_Sales::sales_order', 'Orders', [
        resource('Magento_Sales::actions', 'Actions', [
          resource('Magento_Sales::actions_view', 'View'),
        ]),
      ]),
    ]),
  ]),
  resource('Magento_Catalog::catalog', 'Catalog', [
    resource('Magento_Catalog::catalog_inventory', 'Inventory', [
      resource('Magento_Catalog::products', 'Products'),
    ]),
  ]),
  resource('Magento_Customer::customer', 'Customers', [
    resource('Magento_Customer::manage', 'All Customers'),
    resource('Magento_Customer::group', 'Customer Groups'),
  ]),
  resource('Magento_Backend::stores', 'Stores', [
    resource('Magento_Backend::stores_settings', 'Settings', [
      resource('Magento_Backend::store', 'All Stores'),
    ]),
  ]),
  resource('Vendor_Module::name', 'Vendor Module'),
]);

/** Every permission that an integration of this store can have, parents before their children. */
export const allPermissions: readonly string[] = idsBelow(aclTree);

function resource(id: string, title: string, children: readonly AclResource[] = []): AclResource {
  return { id, title, children };
}

function idsBelow({ id, children }: AclResource): string[] {
  return [id, ...children.flatMap(idsBelow)];
}
