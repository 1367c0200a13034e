/** The four groups that every Magento has. */
export const customerGroups = [
  group(0, 'NOT LOGGED IN'),
  group(1, 'General'),
  group(2, 'Wholesale'),
  group(3, 'Retailer'),
] as const;

export type CustomerGroup = ReturnType<typeof group>;

function group(id: number, code: string) {
  return { id, code, tax_class_id: 3, tax_class_name: 'Retail Customer' };
}
