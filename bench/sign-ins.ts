import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { hashPassword, verifyPassword } from '../src/accounts/password.js';
import { bareExchange } from './bare-exchange.js';
import { merchant } from './merchant.js';
import { appEnvironment, run, startApp } from './processes.js';
import type { StoreAnswer, StoreQuestion } from './sample-store.js';
import { median } from './statistics.js';

/** One block of sign-ins: medians, in milliseconds. */
export interface SignInTimes {
  /** From the form to the redirect, without the password's hash and without the store. */
  readonly signInMs: number;
  /** Two signed calls and a write, without the store. */
  readonly bareMs: number;
  /** The same with the store's time in both: a hash less, nothing else. */
  readonly signInWithStoreMs: number;
  readonly bareWithStoreMs: number;
}

const person = { name: 'bench', password: 'a password to measure' };

/** Sign-ins and bare exchanges by turns with one sample store, in blocks of so many. */
export async function signIns(
  redisPort: number,
  blocks: number,
  perBlock: number,
): Promise<SignInTimes[]> {
  const account = ['scripts/run.js', 'cli/account', 'add', person.name];
  const words = [...account, '--role', 'merchant', '--password-stdin'];
  await run(words, appEnvironment(redisPort), person.password);
  const appUrl = `http://127.0.0.1:${await startApp(redisPort)}`;
  const visitor = merchant(appUrl, person);
  const bare = await bareExchange(redisPort);
  const store = await startStore();
  const hash = await hashPassword(person.password);
  const addresses = { endpointUrl: `${appUrl}/endpoint`, identityUrl: `${appUrl}/login` };

  async function block(count: number): Promise<SignInTimes> {
    const times = { signIn: [] as number[], bare: [] as number[], hash: [] as number[] };
    const storeTimes = { signIn: [] as number[], bare: [] as number[] };
    for (let n = 0; n < count; n += 1) {
      const { popupUrl = '' } = await store.ask({ activate: addresses });
      await store.ask({ takeTime: true });
      times.signIn.push(await visitor.signIn(popupUrl));
      storeTimes.signIn.push((await store.ask({ takeTime: true })).busyMs ?? 0);
      const hashedAt = performance.now();
      await verifyPassword(hash, person.password);
      times.hash.push(performance.now() - hashedAt);
      await store.ask({ activate: { ...addresses, endpointUrl: bare.endpointUrl } });
      await store.ask({ takeTime: true });
      times.bare.push(await bare.run());
      storeTimes.bare.push((await store.ask({ takeTime: true })).busyMs ?? 0);
    }
    const hashMs = median(times.hash);
    const less = (one: number[], other: number[]) =>
      median(one.map((ms, n) => ms - (other[n] ?? 0)));
    return {
      signInMs: less(times.signIn, storeTimes.signIn) - hashMs,
      bareMs: less(times.bare, storeTimes.bare),
      signInWithStoreMs: median(times.signIn) - hashMs,
      bareWithStoreMs: median(times.bare),
    };
  }

  try {
    await block(perBlock);
    const measured: SignInTimes[] = [];
    while (measured.length < blocks) measured.push(await block(perBlock));
    return measured;
  } finally {
    store.stop();
    await bare.close();
    await visitor.close();
  }
}

/** The sample store in a process of its own. */
async function startStore() {
  const child = fork(path.join(import.meta.dirname, 'sample-store.js'), { stdio: 'inherit' });
  await once(child, 'message');
  return {
    async ask(question: StoreQuestion): Promise<StoreAnswer> {
      child.send(question);
      const [answer] = (await once(child, 'message')) as [StoreAnswer];
      return answer;
    },
    stop: () => child.kill(),
  };
}
