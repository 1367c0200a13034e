/** `npm run store`: one or several sample stores on their own, until Ctrl-C. */
import { authorityFile } from '../sample-store/faults/certificates.js';
import {
  createSampleStore,
  type SampleStore,
  type SampleStoreOptions,
  type StoreEvent,
} from '../sample-store/sample-store.js';
import { demoAdmins, demoCustomer, demoOtpSecret } from '../sample-store/users/demo-people.js';
import { fail } from './fail.js';
import { readStoreCommand, type StoreCommand, storeHelp } from './store-options.js';

function print(place: string, event: StoreEvent): void {
  const time = `${new Date().toLocaleTimeString('en-GB')}${place}`;
  if (event.event === 'activation') {
    const outcome = event.delivered ? 'answered' : 'not answered';
    console.log(`${time}  activation of '${event.name}': the Callback URL has ${outcome}`);
    return;
  }
  const outcome = [event.status ?? 'no answer', event.problem].filter(Boolean).join(' ');
  console.log(`${time}  ${event.method} ${event.path.replace(/\?.*/s, '')}  ${outcome}`);
}

async function run({ port, stores, options }: StoreCommand): Promise<void> {
  const running: SampleStore[] = [];
  const close = () => Promise.all(running.map((store) => store.close()));
  try {
    for (let index = 0; index < stores; index += 1) {
      let place = '';
      const store = createSampleStore({
        ...options,
        log: (event) => {
          print(place, event);
        },
      });
      running.push(store);
      const { url, adminUrl } = await store.listen(port === 0 ? 0 : port + index);
      if (stores > 1) place = `  ${new URL(url).host}`;
      console.log(`Sample store: ${url}
Admin site:   ${adminUrl}
Requests:     ${url}_store/
Faults:       ${url}_store/faults
`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
  if (options.tls) console.log(`Authority of the certificate: ${authorityFile}\n`);
  console.log(`To connect it: open the admin site, choose Add New Integration, type a name and
choose Save and Activate. It posts to ${options.prefill.endpointUrl}
and opens ${options.prefill.identityUrl}

To sign in, or to get a token:
${people(options).join('\n')}

Ctrl-C stops it and forgets everything.
`);
}

function people({ twoFactor = 'off' }: SampleStoreOptions): readonly string[] {
  return [
    ...demoAdmins.map(({ username, password }) => `  admin     ${username}, ${password}`),
    ...(twoFactor === 'off'
      ? []
      : [`            secret of the authenticator app: ${demoOtpSecret}`]),
    `  customer  ${demoCustomer.email}, ${demoCustomer.password}`,
  ];
}

try {
  const command = readStoreCommand(process.argv.slice(2), process.env['PORT']);
  if (command === 'help') console.log(storeHelp());
  else await run(command);
} catch (error) {
  fail(error);
}
