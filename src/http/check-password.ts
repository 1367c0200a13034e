import type { Request, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { keepBrowser, knownBrowser, type KnownBrowserDeps } from './known-browser.js';
import { networkOf } from './network-of.js';

/** Checks a password that was typed in some network, and perhaps in a browser that is known by a name. */
export interface PasswordChecker<Account> {
  check(
    this: void,
    typed: {
      readonly username: string;
      readonly password: string;
      readonly network: string;
      readonly browser: string | undefined;
    },
  ): Promise<Account | undefined>;
  /** Notes that this was the account's right password, given in a browser of this name. */
  knowBrowser(this: void, account: Account, browser: string): Promise<void>;
}

export interface CheckPasswordDeps<Account> extends KnownBrowserDeps {
  readonly passwords: PasswordChecker<Account>;
}

/** A form with a name and a password. */
export const nameAndPassword = z.object({ username: z.string(), password: z.string() });

/** After so long most of those who wait have had their answer. */
const retrySeconds = 10;

/**
 * The account whose name and password a form brought, whose browser is known from then on; `undefined` where they are
 * nobody's.
 *
 * @throws AppError `sign_ins_busy`, once the answer says when to come again.
 */
export async function checkPassword<Account>(
  deps: CheckPasswordDeps<Account>,
  req: Request,
  res: Response,
  typed: z.infer<typeof nameAndPassword>,
): Promise<Account | undefined> {
  try {
    const place = { network: networkOf(req.ip ?? ''), browser: knownBrowser(req, deps) };
    const account = await deps.passwords.check({ ...typed, ...place });
    if (account) await deps.passwords.knowBrowser(account, keepBrowser(req, res, deps));
    return account;
  } catch (error) {
    if (error instanceof AppError && error.code === 'sign_ins_busy') {
      res.set('Retry-After', String(retrySeconds));
    }
    throw error;
  }
}
