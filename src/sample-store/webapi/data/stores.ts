/** The store views; `admin` is the scope of `rest/all`. */
export const storeViews = [
  { id: 0, code: 'admin', name: 'Admin', website_id: 0, store_group_id: 0, is_active: 1 },
  {
    id: 1,
    code: 'default',
    name: 'Default Store View',
    website_id: 1,
    store_group_id: 1,
    is_active: 1,
  },
];

export const storeGroups = [
  {
    id: 0,
    website_id: 0,
    root_category_id: 0,
    default_store_id: 0,
    name: 'Default',
    code: 'default',
  },
  {
    id: 1,
    website_id: 1,
    root_category_id: 2,
    default_store_id: 1,
    name: 'Main Website Store',
    code: 'main_website_store',
  },
];

export const websites = [
  { id: 0, code: 'admin', name: 'Admin', default_group_id: 0 },
  { id: 1, code: 'base', name: 'Main Website', default_group_id: 1 },
];

/** Only modules whose work this store does, and the shop's own one. */
export const modules = [
  'Magento_Store',
  'Magento_Directory',
  'Magento_Backend',
  'Magento_Customer',
  'Magento_Catalog',
  'Magento_CatalogInventory',
  'Magento_Sales',
  'Magento_Integration',
  'Magento_Webapi',
  'Vendor_Module',
];

export const countries = [
  country('DE', 'DEU', 'Germany', 'Deutschland'),
  country('FR', 'FRA', 'France', 'France'),
  country('US', 'USA', 'United States', 'United States'),
];

/** What `store/storeConfigs` says of the one store view. The base URL lacks what links have behind it. */
export function storeConfig(storeUrl: string) {
  const baseUrl = storeUrl.replace(/(?:index\.php\/)?(?:default\/)?$/, '');
  return {
    id: 1,
    code: 'default',
    website_id: 1,
    locale: 'en_US',
    base_currency_code: 'USD',
    default_display_currency_code: 'USD',
    timezone: 'America/Chicago',
    weight_unit: 'lbs',
    base_url: baseUrl,
    base_link_url: storeUrl,
    base_static_url: `${baseUrl}static/`,
    base_media_url: `${baseUrl}media/`,
    secure_base_url: baseUrl,
    secure_base_link_url: storeUrl,
    secure_base_static_url: `${baseUrl}static/`,
    secure_base_media_url: `${baseUrl}media/`,
  };
}

function country(id: string, three: string, english: string, local: string) {
  return {
    id,
    two_letter_abbreviation: id,
    three_letter_abbreviation: three,
    full_name_locale: local,
    full_name_english: english,
  };
}
