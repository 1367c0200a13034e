import { describe, expect, it } from '@jest/globals';
import { admin, customer, visitor, wrongSignIn } from './people.js';

const people = { admin, customer };

describe.each(['admin', 'customer'] as const)('a lock-out of the %s', (kind) => {
  const { username, password } = people[kind];

  async function attempts() {
    const { clock, post } = await visitor();
    const target = `/rest/V1/integration/${kind}/token`;
    const right = () => post(target, { username, password });
    async function fail(times: number) {
      for (let count = 0; count < times; count += 1) {
        expect(await post(target, { username, password: 'wrong' })).toEqual(wrongSignIn);
      }
    }
    return { clock, post, right, fail };
  }

  it('comes with the sixth failure, and refuses the right password too', async () => {
    const { right, fail } = await attempts();

    await fail(6);

    expect(await right()).toEqual(wrongSignIn);
  });

  it('does not come with the fifth', async () => {
    const { right, fail } = await attempts();

    await fail(5);

    expect(await right()).toMatchObject({ status: 200 });
  });

  it('comes after six failures in a row: a success begins anew', async () => {
    const { right, fail } = await attempts();

    await fail(5);
    await right();
    await fail(5);

    expect(await right()).toMatchObject({ status: 200 });
  });

  it('ends 1800 seconds after the last failure', async () => {
    const { clock, right, fail } = await attempts();

    await fail(5);
    clock.forward(1799);
    await fail(1);
    clock.forward(1799);
    expect(await right()).toEqual(wrongSignIn);
    clock.forward(1);

    expect(await right()).toMatchObject({ status: 200 });
  });

  it('is not made longer by attempts while it lasts', async () => {
    const { clock, right, fail } = await attempts();

    await fail(6);
    clock.forward(1799);
    await fail(1);
    clock.forward(1);

    expect(await right()).toMatchObject({ status: 200 });
  });

  it('leaves nothing behind', async () => {
    const { clock, right, fail } = await attempts();

    await fail(6);
    clock.forward(1800);
    await fail(5);

    expect(await right()).toMatchObject({ status: 200 });
  });

  it('is of the name, in any capitals, and of this type of user', async () => {
    const { right, fail, post } = await attempts();
    const otherKind = kind === 'admin' ? 'customer' : 'admin';
    const wrong = { username: username.toUpperCase(), password: 'wrong' };
    const { username: name, password: ofOther } = people[otherKind];

    await fail(5);
    await post(`/rest/V1/integration/${kind}/token`, wrong);
    for (let count = 0; count < 6; count += 1) {
      await post(`/rest/V1/integration/${kind}/token`, { username: name, password: 'wrong' });
    }

    expect(await right()).toEqual(wrongSignIn);
    expect(
      await post(`/rest/V1/integration/${otherKind}/token`, { username: name, password: ofOther }),
    ).toMatchObject({ status: 200 });
  });
});
