import type { Account, Role } from '../accounts/account.js';

/** A part of the app with a sign-in form of its own. Once signed in, a browser is so in all of them. */
export interface SignInPlace {
  /** What the session keeps the place's own things under; no popup has such an id. */
  readonly name: 'console' | 'account';
  /** Where it begins. Its forms are at `/sign-in` and `/sign-in/code` below. */
  readonly path: string;
  /** The templates of these forms. */
  readonly views: { readonly password: string; readonly code: string };
  /** Whom it admits: one role, or everybody who has an account. */
  readonly role: Role | 'any';
  /** What events in the log begin with that tell of a sign-in here. */
  readonly people: Role;
}

/** Whether an account that is signed in may see the place. */
export function mayEnter({ role }: SignInPlace, account: Account): boolean {
  return role === 'any' || account.role === role;
}
