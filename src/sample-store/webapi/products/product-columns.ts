import { MagentoError } from '../../calls/magento-error.js';
import type { Product } from '../data/products.js';
import type { Column } from '../search/search.js';
import type { Scalar } from '../search/scalars.js';
import { isProductAttribute } from './product-attributes.js';

const columns: Readonly<Record<string, Column<Product>>> = {
  entity_id: ({ id }) => [id],
  sku: ({ sku }) => [sku],
  name: ({ name }) => [name],
  attribute_set_id: ({ attribute_set_id }) => [attribute_set_id],
  price: ({ price }) => [price],
  status: ({ status }) => [status],
  visibility: ({ visibility }) => [visibility],
  type_id: ({ type_id }) => [type_id],
  created_at: ({ created_at }) => [created_at],
  updated_at: ({ updated_at }) => [updated_at],
  weight: ({ weight }) => [weight],
  website_id: ({ extension_attributes: { website_ids } }) => website_ids,
  category_id: ({ extension_attributes: { category_links } }) =>
    category_links.map(({ category_id }) => Number(category_id)),
};

/** Kept as text, compared as numbers. */
const decimals: ReadonlySet<string> = new Set(['cost', 'special_price']);

/** A product's column by its name in the database, which for the id is `entity_id`, or one of its attributes. */
export function productColumn(field: string): Column<Product> {
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column) return column;
  if (isProductAttribute(field)) return (product) => attributeOf(product, field);
  throw new MagentoError(400, 'The "%1" attribute name is invalid. Reset the name and try again.', [
    field,
  ]);
}

function attributeOf({ custom_attributes }: Product, code: string): Scalar[] {
  const value = custom_attributes.find(({ attribute_code }) => attribute_code === code)?.value;
  if (Array.isArray(value)) return [value.join(',')];
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  return [decimals.has(code) ? Number(value) : value];
}
