import { MagentoError } from '../calls/magento-error.js';

/** How far two-factor authentication of admins is set up; `off` is a store without that module. */
export const twoFactorKinds = [
  'off',
  'google-required',
  'not-configured',
  'ask-administrator',
] as const;

export type TwoFactor = (typeof twoFactorKinds)[number];

/**
 * Why an admin with the right password gets no token of the ordinary route.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function tokenRefusal(kind: Exclude<TwoFactor, 'off'>): MagentoError {
  switch (kind) {
    case 'google-required':
      return new MagentoError(
        400,
        'Please use the 2fa provider-specific endpoints to obtain a token.',
        { active_providers: ['google'] },
      );
    case 'not-configured':
      return new MagentoError(
        400,
        'You are required to configure personal Two-Factor Authorization in order to login. Please check your email.',
        { providers: ['google'], active_providers: [] },
      );
    case 'ask-administrator':
      return new MagentoError(
        400,
        'Please ask an administrator with sufficient access to configure 2FA first',
      );
  }
}

/** Why an admin with the right password gets no token of Google Authenticator's route, whatever the code. */
export function providerRefusal(kind: Exclude<TwoFactor, 'off'>): MagentoError | undefined {
  switch (kind) {
    case 'google-required':
      return undefined;
    case 'not-configured':
      return new MagentoError(400, 'Provider is not configured.');
    case 'ask-administrator':
      return new MagentoError(400, 'Provider is not allowed.');
  }
}
