import { MagentoError, missingParameters } from '../calls/magento-error.js';
import { memberOf, type PhpArray } from '../webapi/php-array.js';
import type { RestRoute } from '../webapi/rest-route.js';
import { textOf } from '../webapi/typed-input.js';
import { demoOtpSecret } from './demo-people.js';
import { isOneTimePassword } from './one-time-password.js';
import { type Account, signInProblem } from './people.js';
import { providerRefusal, tokenRefusal } from './two-factor.js';
import type { Users } from './users.js';

/**
 * The routes by which people get tokens and give them up, as far as the release has them.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function userRoutes(users: Users): readonly RestRoute[] {
  const { twoFactor, tokens } = users;
  const customerToken: RestRoute = {
    method: 'POST',
    path: '/V1/integration/customer/token',
    resources: ['anonymous'],
    answer: ({ input }) => tokens.issue(authenticated(users, 'customer', input)),
  };
  const adminToken: RestRoute = {
    method: 'POST',
    path: '/V1/integration/admin/token',
    resources: ['anonymous'],
    answer: ({ input }) => {
      const account = authenticated(users, 'admin', input);
      if (twoFactor !== 'off') throw tokenRefusal(twoFactor);
      return tokens.issue(account);
    },
  };
  return [
    adminToken,
    customerToken,
    ...(users.traits.customerTokenRevocation ? [revocation(users)] : []),
    ...(twoFactor === 'off' ? [] : [googleToken(users, twoFactor)]),
  ];
}

function revocation({ tokens }: Users): RestRoute {
  return {
    method: 'POST',
    path: '/V1/integration/customer/revoke-customer-token',
    resources: ['self'],
    answer: ({ caller }) => {
      if (caller.kind === 'customer') tokens.revokeAll(caller.customerId);
      return true;
    },
  };
}

function googleToken(users: Users, twoFactor: Exclude<Users['twoFactor'], 'off'>): RestRoute {
  return {
    method: 'POST',
    path: '/V1/tfa/provider/google/authenticate',
    resources: ['anonymous'],
    answer: ({ input }) => {
      const account = authenticated(users, 'admin', input, ['otp']);
      const refusal = providerRefusal(twoFactor);
      if (refusal) throw refusal;
      if (!isOneTimePassword(demoOtpSecret, textOf(memberOf(input, 'otp')), users.now())) {
        throw new MagentoError(401, 'Invalid code.');
      }
      return users.tokens.issue(account);
    },
  };
}

/** The account that the credentials of a request open. One sentence refuses wrong ones and too many of them. */
function authenticated(
  { people, throttler }: Users,
  kind: Account['kind'],
  input: PhpArray,
  more: readonly string[] = [],
): Account {
  const missing = ['username', 'password', ...more].filter(
    (name) => textOf(memberOf(input, name)) === '',
  );
  if (missing.length > 0) throw missingParameters(missing);
  const username = textOf(memberOf(input, 'username'));
  if (throttler.isLockedOut(kind, username)) throw signInRefusal();
  const account = people.find(kind, username, textOf(memberOf(input, 'password')));
  if (!account) {
    throttler.failed(kind, username);
    throw signInRefusal();
  }
  throttler.succeeded(kind, username);
  return account;
}

function signInRefusal(): MagentoError {
  return new MagentoError(401, signInProblem);
}
