import { beforeAll, expect, it } from '@jest/globals';
import { integrationNow } from '../support/popup.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { effectAtStore } from './effects.js';
import { credentialSigns } from './oracle.js';
import { callsTo, newRig, openForm, until } from './rig.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

it('a process that stands still while it is granted access keeps the grant, though its lease has become another’s', async () => {
  const rig = await newRig(redis);
  const owner = await rig.start();
  await rig.start();
  const integration = rig.integrate(owner);
  const { send } = await openForm(owner, await rig.activate(integration));
  const stateIs = (state: string) => async () =>
    (await rig.activations.find(integration.consumerKey))?.state === state;
  let isStopped = false;
  rig.toStore.onRequest = (message) => {
    if (!isStopped && effectAtStore(message)?.endsWith('token/access')) {
      isStopped = true;
      process.kill(owner.pid, 'SIGSTOP');
    }
    return Promise.resolve('pass' as const);
  };

  const answer = send().then(({ status }) => status);
  await until('the other one’s diagnosis', stateIs('needs-reauthorize'), 15_000);
  const calls = callsTo(rig.store, 'token/access');
  process.kill(owner.pid, 'SIGCONT');
  await until('the connection', stateIs('connected'), 15_000);

  expect(calls).toBe(2);
  expect(integrationNow(rig.store, integration).status).toBe('active');
  expect(await credentialSigns(rig, integration)).toBe('signs');
  expect(await answer).toBe(303);
}, 60_000);
