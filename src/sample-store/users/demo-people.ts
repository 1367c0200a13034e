import { everything } from '../webapi/acl.js';

/** An admin of a store. */
export interface AdminUser {
  readonly id: number;
  readonly username: string;
  readonly password: string;
  /** The permissions of the admin's role. */
  readonly resources: readonly string[];
}

/** The admins of every sample store: one who may do everything, one who may see and write products. */
export const demoAdmins: readonly AdminUser[] = [
  { id: 1, username: 'admin', password: 'Sample-admin-1', resources: [everything] },
  {
    id: 2,
    username: 'catalog',
    password: 'Sample-catalog-1',
    resources: [
      'Magento_Catalog::catalog',
      'Magento_Catalog::catalog_inventory',
      'Magento_Catalog::products',
    ],
  },
];

/** One of the customers, and the password that all of them have. */
export const demoCustomer = { email: 'ada.1@customer.example', password: 'Sample-customer-1' };

/** What an authenticator app is given, in base32: the same for all admins. */
export const demoOtpSecret = 'SAMPLESTOREDEMOADMINSECRET234567';
