import type { SignInPlace } from '../sign-in/sign-in-place.js';

/** The operators' place. */
export const consolePlace: SignInPlace = {
  name: 'console',
  path: '/console',
  views: { password: 'console/sign-in', code: 'console/sign-in-code' },
  role: 'operator',
  people: 'operator',
};
