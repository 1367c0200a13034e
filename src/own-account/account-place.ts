import type { SignInPlace } from '../sign-in/sign-in-place.js';

/** Everybody's own place. */
export const accountPlace: SignInPlace = {
  name: 'account',
  path: '/account',
  views: { password: 'account/sign-in', code: 'account/sign-in-code' },
  role: 'any',
  people: 'merchant',
};
