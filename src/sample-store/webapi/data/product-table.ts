import type { Product } from './products.js';

/** The products of one store. A record never changes; a change puts another in its place. */
export type ProductTable = ReturnType<typeof productTable>;

/** A table that begins with these products. SKUs are found whatever their capitals, as in MySQL. */
export function productTable(initial: readonly Product[]) {
  const products = new Map(initial.map((product) => [keyOf(product.sku), product]));
  let lastId = initial.length;

  return {
    all: (): readonly Product[] => [...products.values()],
    bySku: (sku: string): Product | undefined => products.get(keyOf(sku)),
    put(product: Product): void {
      products.set(keyOf(product.sku), product);
    },
    remove: (sku: string): boolean => products.delete(keyOf(sku)),
    /** Ids are never given twice. */
    newId(): number {
      lastId += 1;
      return lastId;
    },
  };
}

function keyOf(sku: string): string {
  return sku.trim().toLowerCase();
}
