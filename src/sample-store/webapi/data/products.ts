import { hoursAfterOpening, seeded } from './seeded.js';

export interface CustomAttribute {
  readonly attribute_code: string;
  readonly value: unknown;
}

/** A product as the Web API shows it. */
export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly attribute_set_id: number;
  readonly price: number;
  /** 1 is enabled, 2 disabled. */
  readonly status: number;
  /** 1 nowhere, 2 catalogue, 3 search, 4 both. */
  readonly visibility: number;
  readonly type_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly weight: number;
  readonly extension_attributes: {
    readonly website_ids: readonly number[];
    readonly category_links: readonly {
      readonly position: number;
      readonly category_id: string;
    }[];
    readonly stock_item?: Readonly<Record<string, unknown>>;
  };
  readonly product_links: readonly unknown[];
  readonly options: readonly unknown[];
  readonly media_gallery_entries: readonly unknown[];
  readonly tier_prices: readonly unknown[];
  readonly custom_attributes: readonly CustomAttribute[];
}

const howMany = 300;

/** What the project's tests and demo ask for, and then every kind of character that a SKU makes trouble with. */
const named: readonly (readonly [sku: string, name: string, price: number])[] = [
  ['24-MB01', 'Joust Duffle Bag', 34],
  ['24-MB04', 'Strive Shoulder Pack', 32],
  ['WS12-M-Orange', 'Radiant Tee', 22],
  ['café & co/1', 'Gift card "Café & Co"', 50],
  ['cable/2m/black', 'Cable, 2 m, black', 7.5],
  ['two words', 'A SKU of two words', 12],
  ['c++', 'Mug for programmers', 9.95],
  ['100%', 'Scarf, all wool', 44],
  ['50%2Foff', 'Coupon with an escape in its SKU', 1],
  ['größe-46', 'Jacke „Größe 46“', 129],
  ['本-01', 'Notebook 本', 15],
  ["o'neill!(new)*", 'Wetsuit, new', 189],
  ['a=b&c=d', 'Equation poster', 18],
  ['who?#1', 'Riddle book', 11],
  ['set[0]', 'Screwdriver set', 24.5],
  ['a;b,c:d@e$', 'Punctuation stickers', 3.2],
  ['~tilde.v1_0-x', 'Keyboard cap', 2],
];

const colours = ['black', 'blue', 'green', 'grey', 'orange', 'red', 'white'] as const;
const makes = ['Alder', 'Birch', 'Cedar', 'Hazel', 'Juniper', 'Linden', 'Rowan'] as const;
const kinds = [
  ['Backpack', 'BP', '3'],
  ['Bottle', 'BO', '4'],
  ['Jacket', 'JA', '5'],
  ['Lamp', 'LA', '4'],
  ['Shirt', 'SH', '5'],
  ['Tent', 'TE', '6'],
  ['Watch', 'WA', '7'],
] as const;

/** The catalogue with which a store begins. */
export function initialProducts(): Product[] {
  const random = seeded(24);
  return Array.from({ length: howMany }, (_, index): Product => {
    const [kind, code, category] = random.pick(kinds);
    const [make, colour] = [random.pick(makes), random.pick(colours)];
    const [sku, name, price] = named[index] ?? [
      `${code}-${String(index + 1).padStart(4, '0')}-${colour}`,
      `${make} ${kind}, ${colour}`,
      random.between(500, 19_999) / 100,
    ];
    return productOf({
      id: index + 1,
      sku,
      name,
      price,
      at: hoursAfterOpening(index * 7),
      status: random.between(1, 12) === 12 ? 2 : 1,
      visibility: random.pick([4, 4, 4, 2, 1]),
      weight: random.between(1, 80) / 10,
      categories: ['2', category],
      quantity: random.between(0, 250),
      attributes: {
        description: `<p>${name}, made to last.</p>`,
        url_key: `${slug(name)}-${index + 1}`,
        color: colour,
        // Every fourth is on sale, so that there is something to tell apart by null.
        ...(index % 4 === 3 && { special_price: (price * 0.8).toFixed(6) }),
        activity: random.pick(['5', '5,8', '8,11', '5,8,11,15']),
      },
    });
  });
}

/** What a product is made from when nothing else is said about it. */
export function productOf(fields: {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly at: string;
  readonly status: number;
  readonly visibility: number;
  readonly weight: number;
  readonly categories: readonly string[];
  readonly quantity: number;
  readonly attributes: Readonly<Record<string, string>>;
}): Product {
  const { id, at, categories, quantity } = fields;
  const attributes = {
    ...fields.attributes,
    tax_class_id: '2',
    options_container: 'container2',
    required_options: '0',
    has_options: '0',
    category_ids: categories,
  };
  return {
    id,
    sku: fields.sku,
    name: fields.name,
    attribute_set_id: 4,
    price: fields.price,
    status: fields.status,
    visibility: fields.visibility,
    type_id: 'simple',
    created_at: at,
    updated_at: at,
    weight: fields.weight,
    extension_attributes: {
      website_ids: [1],
      category_links: categories.map((category_id) => ({ position: 0, category_id })),
      stock_item: {
        item_id: id,
        product_id: id,
        stock_id: 1,
        qty: quantity,
        is_in_stock: quantity > 0,
        is_qty_decimal: false,
        use_config_manage_stock: true,
        manage_stock: true,
        min_qty: 0,
        min_sale_qty: 1,
        max_sale_qty: 10_000,
        backorders: 0,
        low_stock_date: null,
        stock_status_changed_auto: 0,
      },
    },
    product_links: [],
    options: [],
    media_gallery_entries: [],
    tier_prices: [],
    custom_attributes: Object.entries(attributes).map(([attribute_code, value]) => ({
      attribute_code,
      value,
    })),
  };
}

/** A name as part of an address. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
