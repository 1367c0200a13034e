/** The attributes of the one attribute set, besides those with a place of their own in a product. */
const attributeCodes: ReadonlySet<string> = new Set([
  'activity',
  'category_ids',
  'color',
  'cost',
  'country_of_manufacture',
  'description',
  'gift_message_available',
  'has_options',
  'image',
  'manufacturer',
  'material',
  'meta_description',
  'meta_keyword',
  'meta_title',
  'news_from_date',
  'news_to_date',
  'options_container',
  'required_options',
  'short_description',
  'size',
  'small_image',
  'special_from_date',
  'special_price',
  'special_to_date',
  'tax_class_id',
  'thumbnail',
  'url_key',
]);

/** Whether products of this store can have it. */
export function isProductAttribute(code: string): boolean {
  return attributeCodes.has(code);
}
