import type { Request, Response } from 'express';
import { AppError } from '../errors.js';
import { networkOf } from './network-of.js';

/** Checks a password that was typed in some network. */
export interface PasswordChecker<Account> {
  check(
    this: void,
    typed: { readonly username: string; readonly password: string; readonly network: string },
  ): Promise<Account | undefined>;
}

/** After so long most of those who wait have had their answer. */
const retrySeconds = 10;

/**
 * The account whose name and password a form brought; `undefined` where they are nobody's.
 *
 * @throws AppError `sign_ins_busy`, once the answer says when to come again.
 */
export async function checkPassword<Account>(
  { passwords }: { readonly passwords: PasswordChecker<Account> },
  req: Request,
  res: Response,
  typed: { readonly username: string; readonly password: string },
): Promise<Account | undefined> {
  try {
    return await passwords.check({ ...typed, network: networkOf(req.ip ?? '') });
  } catch (error) {
    if (error instanceof AppError && error.code === 'sign_ins_busy') {
      res.set('Retry-After', String(retrySeconds));
    }
    throw error;
  }
}
