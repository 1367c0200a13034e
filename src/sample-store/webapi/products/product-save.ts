import { MagentoError } from '../../calls/magento-error.js';
import { type Product, productOf, slug } from '../data/products.js';
import type { StoreData } from '../data/store-data.js';
import { productInput, type ProductInput } from './product-input.js';

const defaultAttributeSet = 4;
const longestSku = 64;

/** Makes a product, or changes the one that has this SKU, and answers it as it is then. */
export function savedProduct({ products, timestamp }: StoreData, body: object): Product {
  const input = productInput(body);
  const before = products.bySku(input.fields.sku ?? '');
  const changed = withChanges(before ?? newProduct(input, timestamp()), input, timestamp());
  check(changed);
  const urlKey = urlKeyOf(changed);
  if (products.all().some((other) => other !== before && urlKeyOf(other) === urlKey)) {
    throw new MagentoError(400, 'URL key for specified store already exists.');
  }
  const saved = before ? changed : withId(changed, products.newId());
  products.put(saved);
  return saved;
}

/** What Magento fills in by itself. The id comes when everything else has turned out to be right. */
function newProduct({ fields: { sku = '', name = '' } }: ProductInput, at: string): Product {
  const product = productOf({
    id: 0,
    sku,
    name,
    price: 0,
    at,
    status: 1,
    visibility: 4,
    weight: 0,
    categories: [],
    quantity: 0,
    attributes: { url_key: slug(name) },
  });
  return { ...product, attribute_set_id: 0 };
}

function withId(product: Product, id: number): Product {
  const { extension_attributes } = product;
  const stock_item = { ...extension_attributes.stock_item, item_id: id, product_id: id };
  return { ...product, id, extension_attributes: { ...extension_attributes, stock_item } };
}

/** Attributes change one by one, an attribute without a value goes; the stock changes field by field. */
function withChanges(before: Product, input: ProductInput, at: string): Product {
  const { category_links, stock_item } = before.extension_attributes;
  const links = input.extension.category_links ?? linksIn(input.attributes) ?? category_links;
  const attributes = new Map(
    [...before.custom_attributes, ...input.attributes].map(({ attribute_code, value }) => [
      attribute_code,
      value,
    ]),
  ).set(
    'category_ids',
    links.map(({ category_id }) => category_id),
  );
  return {
    ...before,
    ...input.fields,
    sku: before.sku,
    updated_at: at,
    extension_attributes: {
      ...before.extension_attributes,
      ...input.extension,
      category_links: links,
      stock_item: { ...stock_item, ...input.extension.stock_item },
    },
    custom_attributes: [...attributes]
      .filter(([, value]) => value !== null)
      .map(([attribute_code, value]) => ({ attribute_code, value })),
  };
}

/** Categories can be given as an attribute as well. */
function linksIn(attributes: ProductInput['attributes']) {
  const ids = attributes.find(({ attribute_code }) => attribute_code === 'category_ids')?.value;
  if (!Array.isArray(ids)) return undefined;
  return ids.map((id) => ({ position: 0, category_id: String(id) }));
}

function check({ sku, name, attribute_set_id }: Product): void {
  if (attribute_set_id !== defaultAttributeSet) {
    throw new MagentoError(400, 'Invalid product data: %1', ['Invalid attribute set entity type']);
  }
  if (sku === '') throw emptyAttribute('sku');
  if (Array.from(sku).length > longestSku) {
    throw new MagentoError(400, 'SKU length should be %1 characters maximum.', [longestSku]);
  }
  if (name === '') throw emptyAttribute('Product Name');
}

function emptyAttribute(label: string): MagentoError {
  return new MagentoError(
    400,
    'The "%1" attribute value is empty. Set the attribute and try again.',
    [label],
  );
}

function urlKeyOf({ custom_attributes }: Product): unknown {
  return custom_attributes.find(({ attribute_code }) => attribute_code === 'url_key')?.value;
}
