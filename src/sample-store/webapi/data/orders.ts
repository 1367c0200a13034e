import type { Customer } from './customers.js';
import { orderItem, type OrderItem, rounded } from './order-items.js';
import type { Product } from './products.js';
import { hoursAfterOpening, seeded } from './seeded.js';

/** An order as the Web API shows one. What stands in its own columns can be searched for. */
export interface Order {
  readonly entity_id: number;
  readonly increment_id: string;
  readonly customer_id?: number;
  readonly created_at: string;
  readonly items: readonly OrderItem[];
  readonly [column: string]: unknown;
}

const howMany = 250;

const states = [
  ['new', 'pending'],
  ['processing', 'processing'],
  ['complete', 'complete'],
  ['complete', 'complete'],
  ['canceled', 'canceled'],
  ['closed', 'closed'],
  ['holded', 'holded'],
] as const;

/** The orders with which a store begins; every fifth is a guest's. */
export function initialOrders(
  products: readonly Product[],
  customers: readonly Customer[],
): Order[] {
  const random = seeded(250);
  return Array.from({ length: howMany }, (_, index): Order => {
    const id = index + 1;
    const items = Array.from({ length: random.between(1, 4) }, (__, line) => {
      const product = random.pick(products);
      return orderItem({ orderId: id, line, product, quantity: random.between(1, 3) });
    });
    return orderOf({
      id,
      at: hoursAfterOpening(index * 5 + 3),
      customer: random.pick(customers),
      isGuest: index % 5 === 4,
      items,
      states: random.pick(states),
    });
  });
}

function orderOf(fields: {
  readonly id: number;
  readonly at: string;
  readonly customer: Customer;
  readonly isGuest: boolean;
  readonly items: readonly OrderItem[];
  readonly states: readonly [state: string, status: string];
}): Order {
  const { id, at, customer, isGuest, items } = fields;
  const [state, status] = fields.states;
  const quantity = items.reduce((sum, item) => sum + item.qty_ordered, 0);
  const subtotal = rounded(items.reduce((sum, item) => sum + item.row_total, 0));
  const tax = rounded(items.reduce((sum, item) => sum + item.tax_amount, 0));
  const shipping = quantity * 5;
  const total = rounded(subtotal + tax + shipping);
  const isPaid = state === 'complete' || state === 'processing' || state === 'closed';
  const billing = addressOf(customer, id, 'billing');
  const shippingAddress = addressOf(customer, id, 'shipping');
  return {
    base_currency_code: 'USD',
    base_discount_amount: 0,
    base_grand_total: total,
    base_shipping_amount: shipping,
    base_subtotal: subtotal,
    base_subtotal_incl_tax: rounded(subtotal + tax),
    base_tax_amount: tax,
    base_to_global_rate: 1,
    base_to_order_rate: 1,
    base_total_due: isPaid ? 0 : total,
    ...(isPaid && { base_total_paid: total, total_paid: total }),
    billing_address_id: billing.entity_id,
    created_at: at,
    customer_email: customer.email,
    customer_firstname: customer.firstname,
    customer_group_id: isGuest ? 0 : customer.group_id,
    ...(!isGuest && { customer_id: customer.id }),
    customer_is_guest: isGuest ? 1 : 0,
    customer_lastname: customer.lastname,
    customer_note_notify: 1,
    discount_amount: 0,
    email_sent: 1,
    entity_id: id,
    global_currency_code: 'USD',
    grand_total: total,
    increment_id: String(id).padStart(9, '0'),
    is_virtual: 0,
    order_currency_code: 'USD',
    quote_id: id,
    remote_ip: '203.0.113.7',
    shipping_amount: shipping,
    shipping_description: 'Flat Rate - Fixed',
    shipping_incl_tax: shipping,
    shipping_tax_amount: 0,
    state,
    status,
    store_currency_code: 'USD',
    store_id: 1,
    store_name: 'Main Website\nMain Website Store\nDefault Store View',
    store_to_base_rate: 0,
    store_to_order_rate: 0,
    subtotal,
    subtotal_incl_tax: rounded(subtotal + tax),
    tax_amount: tax,
    total_due: isPaid ? 0 : total,
    total_item_count: items.length,
    total_qty_ordered: quantity,
    updated_at: at,
    weight: rounded(items.reduce((sum, item) => sum + item.row_weight, 0)),
    items,
    billing_address: billing,
    payment: {
      account_status: null,
      additional_information: ['Check / Money order'],
      amount_ordered: total,
      base_amount_ordered: total,
      base_shipping_amount: shipping,
      cc_last4: null,
      entity_id: id,
      method: 'checkmo',
      parent_id: id,
      shipping_amount: shipping,
    },
    status_histories: [],
    extension_attributes: {
      shipping_assignments: [
        {
          shipping: {
            address: shippingAddress,
            method: 'flatrate_flatrate',
            total: {
              base_shipping_amount: shipping,
              shipping_amount: shipping,
              shipping_incl_tax: shipping,
              shipping_tax_amount: 0,
            },
          },
          items,
        },
      ],
      payment_additional_info: [{ key: 'method_title', value: 'Check / Money order' }],
      applied_taxes: [],
      item_applied_taxes: [],
    },
  };
}

function addressOf(customer: Customer, orderId: number, type: 'billing' | 'shipping') {
  const { firstname, lastname, email, addresses } = customer;
  const { region, region_id, country_id, street, telephone, postcode, city } =
    addresses[0] ?? missing();
  return {
    address_type: type,
    city,
    country_id,
    email,
    entity_id: orderId * 2 - (type === 'billing' ? 0 : 1),
    firstname,
    lastname,
    parent_id: orderId,
    postcode,
    region: region.region,
    region_code: region.region_code,
    region_id,
    street,
    telephone,
  };
}

function missing(): never {
  throw new RangeError('A customer needs an address.');
}
