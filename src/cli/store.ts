/** `npm run store`: a sample store on its own, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { createSampleStore, type StoreEvent } from '../sample-store/sample-store.js';
import { demoAdmins, demoCustomer } from '../sample-store/users/demo-people.js';
import { fail } from './fail.js';

interface Settings {
  readonly port: number;
  readonly endpointUrl: string;
  readonly identityUrl: string;
}

function settings(args: readonly string[], port: string): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      endpoint: { type: 'string', default: 'http://localhost:3000/endpoint' },
      identity: { type: 'string', default: 'http://localhost:3000/login' },
    },
  });
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Error('PORT must be a number from 0 to 65535.');
  }
  return {
    port: Number(port),
    endpointUrl: webAddress('--endpoint', values.endpoint),
    identityUrl: webAddress('--identity', values.identity),
  };
}

function webAddress(option: string, value: string): string {
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return value;
  throw new Error(`${option} must be a URL that begins with http:// or https://.`);
}

function print(event: StoreEvent): void {
  const time = new Date().toLocaleTimeString('en-GB');
  if (event.event === 'activation') {
    const outcome = event.delivered ? 'answered' : 'not answered';
    console.log(`${time}  activation of '${event.name}': the Callback URL has ${outcome}`);
    return;
  }
  const outcome = [event.status ?? 'no answer', event.problem].filter(Boolean).join(' ');
  console.log(`${time}  ${event.method} ${event.path.replace(/\?.*/s, '')}  ${outcome}`);
}

const people = [
  ...demoAdmins.map(({ username, password }) => `  admin     ${username}, ${password}`),
  `  customer  ${demoCustomer.email}, ${demoCustomer.password}`,
];

async function run(): Promise<void> {
  const { port, ...prefill } = settings(process.argv.slice(2), process.env['PORT'] ?? '4000');
  const store = createSampleStore({ prefill, log: print });
  const { url } = await store.listen(port);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void store.close());
  }
  console.log(`Sample store: ${url}
Admin site:   ${url}admin/

To connect it: open the admin site, choose Add New Integration, type a name and
choose Save and Activate. It posts to ${prefill.endpointUrl}
and opens ${prefill.identityUrl}

To sign in, or to get a token:
${people.join('\n')}

Ctrl-C stops it and forgets everything.
`);
}

try {
  await run();
} catch (error) {
  fail(error);
}
