import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkDemo } from './demo-check.js';
import { fail } from './fail.js';
import { demoMerchant, demoOperator, startDemo } from './start-demo.js';

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  await (values.check ? check() : run());
} catch (error) {
  fail(error);
}

/** Runs until Ctrl-C, with something to look at on every line it prints. */
async function run(): Promise<void> {
  const { DATA_DIR = '.data', ...others } = process.env;
  const env = {
    LOG_LEVEL: 'warn',
    ...others,
    DATA_DIR: path.join(DATA_DIR, 'demo'),
    HOST: '127.0.0.1',
  };
  const demo = await startDemo(env, { app: 3000, store: 4000 });
  const { publicUrl } = demo.app.deps;
  console.log(`
The sample store's admin:  ${demo.storeUrl}admin/
    Add New Integration, type a name, Save and Activate, Allow; in the popup sign in as
    ${demoMerchant.name} / ${demoMerchant.password}

The app's console:         ${publicUrl}/console
    to see the credential, sign in as
    ${demoOperator.name} / ${demoOperator.password}

Callback URL:              ${publicUrl}/endpoint
Identity link URL:         ${publicUrl}/login
Redis:                     ${demo.app.redis}, data in ${env.DATA_DIR}
Ctrl-C stops it.
`);
  const stop = () => {
    demo.close().then(() => process.exit(0), fail);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** The same, driven without a person, on free ports and in a folder that is removed afterwards. */
async function check(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'magento-integration-demo-'));
  const env = { ...process.env, DATA_DIR: folder, LOG_LEVEL: 'silent' };
  const interrupted = new Promise<never>((_resolve, reject) => {
    const stop = (signal: string) => {
      reject(new Error(`stopped by ${signal}`));
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
  // Whoever waits for it hears of it; a signal that comes before is kept until then.
  interrupted.catch(() => undefined);
  try {
    const demo = await startDemo(env, { app: 0, store: 0 });
    try {
      const walk = checkDemo(demo, (step) => {
        console.log(step);
      });
      await Promise.race([walk, interrupted]);
    } finally {
      await demo.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log('demo: ok');
  process.exit(0);
}
