import type { Product } from './products.js';

/** A line of an order. */
export type OrderItem = ReturnType<typeof orderItem>;

const taxPercent = 8.25;

/** Lines have ids of their own, four to an order. */
export function orderItem({
  orderId,
  line,
  product,
  quantity,
}: {
  readonly orderId: number;
  readonly line: number;
  readonly product: Product;
  readonly quantity: number;
}) {
  const { id, sku, name, price, weight, type_id } = product;
  const row = rounded(price * quantity);
  const tax = rounded((row * taxPercent) / 100);
  return {
    amount_refunded: 0,
    base_original_price: price,
    base_price: price,
    base_row_total: row,
    base_tax_amount: tax,
    discount_amount: 0,
    discount_percent: 0,
    free_shipping: 0,
    is_qty_decimal: 0,
    is_virtual: 0,
    item_id: (orderId - 1) * 4 + line + 1,
    name,
    order_id: orderId,
    original_price: price,
    price,
    price_incl_tax: rounded(price * (1 + taxPercent / 100)),
    product_id: id,
    product_type: type_id,
    qty_canceled: 0,
    qty_invoiced: 0,
    qty_ordered: quantity,
    qty_refunded: 0,
    qty_shipped: 0,
    quote_item_id: (orderId - 1) * 4 + line + 1,
    row_invoiced: 0,
    row_total: row,
    row_total_incl_tax: rounded(row + tax),
    row_weight: rounded(weight * quantity),
    sku,
    store_id: 1,
    tax_amount: tax,
    tax_percent: taxPercent,
    weight,
  };
}

/** Money, to the cent. */
export function rounded(amount: number): number {
  return Math.round(amount * 100) / 100;
}
