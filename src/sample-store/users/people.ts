import type { Caller } from '../webapi/caller.js';
import type { StoreData } from '../webapi/data/store-data.js';
import { type AdminUser, demoAdmins, demoCustomer } from './demo-people.js';

/** Somebody with a password, told apart as in Magento: by the type of user and a number. */
export interface Account {
  readonly kind: 'admin' | 'customer';
  readonly id: number;
}

/** Who has an account at a store, and what each may do. */
export interface People {
  /** The account that this name and this password open. */
  find(kind: Account['kind'], username: string, password: string): Account | undefined;
  /** An account as the Web API sees it, with the permissions that it has now. */
  callerOf(account: Account): Caller | undefined;
  /** What to call someone on a page. */
  nameOf(account: Account): string;
}

/** The demo admins, and every customer that the store has. Names are compared as MySQL does, capitals or not. */
export function people(data: StoreData): People {
  const customerWith = (id: number) => data.customers.find((customer) => customer.id === id);
  const customerNamed = (username: string) => {
    const customer = data.customers.find(({ email }) => isSame(email, username));
    return customer && { id: customer.id, password: demoCustomer.password };
  };

  return {
    find(kind, username, password) {
      const person = kind === 'admin' ? adminNamed(username) : customerNamed(username);
      return person?.password === password ? { kind, id: person.id } : undefined;
    },
    callerOf({ kind, id }) {
      if (kind === 'customer') return customerWith(id) && { kind, customerId: id };
      const admin = adminWith(id);
      return admin && { kind, username: admin.username, resources: admin.resources };
    },
    nameOf({ kind, id }) {
      if (kind === 'admin') return adminWith(id)?.username ?? '';
      const customer = customerWith(id);
      return customer ? `${customer.firstname} ${customer.lastname}` : '';
    },
  };
}

function adminNamed(username: string): AdminUser | undefined {
  return demoAdmins.find((admin) => isSame(admin.username, username));
}

function adminWith(id: number): AdminUser | undefined {
  return demoAdmins.find((admin) => admin.id === id);
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

/** What everybody reads who does not get in. */
export const signInProblem =
  'The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.';
