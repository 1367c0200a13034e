import { MagentoError } from '../../calls/magento-error.js';
import type { CustomAttribute, Product } from '../data/products.js';
import { isPhpArray, memberOf } from '../php-array.js';
import { listOf, properties, textOf, wholeNumber, within } from '../typed-input.js';
import { isProductAttribute } from './product-attributes.js';

/** What a body says of a product: only what it names, and of that only what this store keeps. */
export interface ProductInput {
  readonly fields: Partial<
    Pick<
      Product,
      'sku' | 'name' | 'attribute_set_id' | 'price' | 'status' | 'visibility' | 'type_id' | 'weight'
    >
  >;
  readonly extension: Partial<Product['extension_attributes']>;
  readonly attributes: readonly CustomAttribute[];
}

const keptFields = {
  sku: 'string',
  name: 'string',
  attribute_set_id: 'int',
  price: 'float',
  status: 'int',
  visibility: 'int',
  type_id: 'string',
  weight: 'float',
} as const;

/** Read as Magento reads them, but with no effect here. */
const otherFields = {
  id: 'int',
  created_at: 'string',
  updated_at: 'string',
  product_links: 'array',
  options: 'array',
  media_gallery_entries: 'array',
  tier_prices: 'array',
} as const;

/** Reads the `product` of a body, in the order and with the complaints of Magento's own reading. */
export function productInput(body: object): ProductInput {
  const { custom_attributes, extension_attributes, ...given } = properties(body, {
    ...keptFields,
    ...otherFields,
    extension_attributes: 'array',
    custom_attributes: 'array',
  });
  return {
    fields: Object.fromEntries(
      Object.entries(given).filter(([name]) => Object.hasOwn(keptFields, name)),
    ),
    extension: within('extension_attributes', () => extensionOf(extension_attributes)),
    attributes: within('custom_attributes', () => attributesOf(custom_attributes)),
  };
}

function extensionOf(given: unknown): ProductInput['extension'] {
  const { website_ids, category_links, stock_item } = properties(given, {
    website_ids: 'array',
    category_links: 'array',
    stock_item: 'array',
  });
  return {
    ...(website_ids !== undefined && { website_ids: listOf(website_ids).map(wholeNumber) }),
    ...(category_links !== undefined && { category_links: listOf(category_links).map(linkOf) }),
    ...(isPhpArray(stock_item) && { stock_item }),
  };
}

function linkOf(given: unknown) {
  const { position, category_id } = properties(given, { position: 'int', category_id: 'int' });
  return { position: Number(position ?? 0), category_id: textOf(category_id) };
}

/** A list of codes and values, or an object of them. What products cannot have is passed over in silence. */
function attributesOf(given: unknown): CustomAttribute[] {
  const entries = isPhpArray(given) && !Array.isArray(given) ? Object.entries(given) : [];
  const plain = entries.map(([attribute_code, value]) => ({ attribute_code, value }));
  const listed = Array.isArray(given) ? listOf(given).map(attributeOf) : plain;
  return listed.filter(({ attribute_code }) => isProductAttribute(attribute_code));
}

function attributeOf(given: unknown): CustomAttribute {
  const attribute = isPhpArray(given) ? given : {};
  const code = textOf(memberOf(attribute, 'attribute_code'));
  if (code === '') {
    throw new MagentoError(
      400,
      memberOf(attribute, 'value') === undefined
        ? 'There is an empty custom attribute specified.'
        : 'A custom attribute is specified without an attribute code.',
    );
  }
  if (!Object.hasOwn(attribute, 'value')) {
    throw new MagentoError(400, `Value is not set for attribute code "${code}"`);
  }
  return { attribute_code: code, value: attribute['value'] };
}
