import { describe, expect, it } from '@jest/globals';
import { createSampleStore } from '../../../src/sample-store/sample-store.js';
import { demoOtpSecret } from '../../../src/sample-store/users/demo-people.js';
import { oneTimePassword } from '../../../src/sample-store/users/one-time-password.js';
import { twoFactorKinds } from '../../../src/sample-store/users/two-factor.js';
import { admin, catalogAdmin, customer, visitor, wrongSignIn } from './people.js';

const tokenRoute = '/rest/V1/integration/admin/token';
const googleRoute = '/rest/V1/tfa/provider/google/authenticate';

const refusals = [
  [
    'google-required',
    {
      message: 'Please use the 2fa provider-specific endpoints to obtain a token.',
      parameters: { active_providers: ['google'] },
    },
  ],
  [
    'not-configured',
    {
      message:
        'You are required to configure personal Two-Factor Authorization in order to login. ' +
        'Please check your email.',
      parameters: { providers: ['google'], active_providers: [] },
    },
  ],
  [
    'ask-administrator',
    { message: 'Please ask an administrator with sufficient access to configure 2FA first' },
  ],
] as const;

describe('the ordinary route for admins', () => {
  it('has been tested for every kind', () => {
    expect(['off', ...refusals.map(([kind]) => kind)]).toEqual(twoFactorKinds);
  });

  for (const [twoFactor, body] of refusals) {
    it(`gives no token where two-factor authentication is ${twoFactor}`, async () => {
      const { post } = await visitor({ twoFactor });

      expect(await post(tokenRoute, admin)).toEqual({ status: 400, body });
      expect(await post(tokenRoute, catalogAdmin)).toEqual({ status: 400, body });
    });

    it(`says so only to the right password where it is ${twoFactor}`, async () => {
      const { post } = await visitor({ twoFactor });

      expect(await post(tokenRoute, { ...admin, password: 'wrong' })).toEqual(wrongSignIn);
    });

    it(`leaves customers alone where it is ${twoFactor}`, async () => {
      const { post } = await visitor({ twoFactor });

      expect(await post('/rest/V1/integration/customer/token', customer)).toMatchObject({
        status: 200,
      });
    });
  }
});

describe("Google Authenticator's route", () => {
  const required = { twoFactor: 'google-required' } as const;

  it('gives a token for the code of now', async () => {
    const { clock, post, askAs } = await visitor(required);
    const otp = oneTimePassword(demoOtpSecret, clock.now());

    const { status, body } = await post(googleRoute, { ...admin, otp });

    expect(status).toBe(200);
    expect(await askAs(String(body), '/rest/V1/store/storeConfigs')).toMatchObject({ status: 200 });
  });

  it('goes by the clock of the store', async () => {
    const { store, clock, post } = await visitor(required);
    const otp = oneTimePassword(demoOtpSecret, clock.now());

    store.clock.advance(90);

    expect(await post(googleRoute, { ...admin, otp })).toMatchObject({ status: 401 });
  });

  it('refuses another code', async () => {
    const { clock, post } = await visitor(required);
    const otp = oneTimePassword(demoOtpSecret, clock.now());
    const wrong = otp.replace(/\d$/, (digit) => String((Number(digit) + 5) % 10));

    expect(await post(googleRoute, { ...admin, otp: wrong })).toEqual({
      status: 401,
      body: { message: 'Invalid code.' },
    });
  });

  it('wants a code', async () => {
    const { post } = await visitor(required);

    expect(await post(googleRoute, admin)).toEqual({
      status: 400,
      body: {
        message: '"%fieldName" is required. Enter and try again.',
        parameters: { fieldName: 'otp' },
      },
    });
  });

  it('counts wrong passwords with those of the ordinary route', async () => {
    const { clock, post } = await visitor(required);
    const otp = oneTimePassword(demoOtpSecret, clock.now());

    for (let count = 0; count < 3; count += 1) {
      await post(tokenRoute, { ...admin, password: 'wrong' });
      expect(await post(googleRoute, { ...admin, password: 'wrong', otp })).toEqual(wrongSignIn);
    }

    expect(await post(googleRoute, { ...admin, otp })).toEqual(wrongSignIn);
  });

  for (const [twoFactor, message] of [
    ['not-configured', 'Provider is not configured.'],
    ['ask-administrator', 'Provider is not allowed.'],
  ] as const) {
    it(`gives no token where it is ${twoFactor}`, async () => {
      const { clock, post } = await visitor({ twoFactor });
      const otp = oneTimePassword(demoOtpSecret, clock.now());

      expect(await post(googleRoute, { ...admin, otp })).toEqual({
        status: 400,
        body: { message },
      });
    });
  }

  it('is not there where two-factor authentication is off', async () => {
    const { post } = await visitor();

    expect(await post(googleRoute, { ...admin, otp: '000000' })).toMatchObject({ status: 404 });
  });
});

describe('2.3.7', () => {
  it('comes without two-factor authentication', () => {
    expect(() => createSampleStore({ release: '2.3.7', twoFactor: 'google-required' })).toThrow(
      'Magento 2.3.7 comes without two-factor authentication.',
    );
  });
});
