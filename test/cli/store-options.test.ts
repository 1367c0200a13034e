import { describe, expect, it } from '@jest/globals';
import { readStoreCommand, storeHelp } from '../../src/cli/store-options.js';

describe('the command line of npm run store', () => {
  it('asks for nothing', () => {
    expect(readStoreCommand([])).toEqual({
      port: 4000,
      stores: 1,
      options: {
        prefill: {
          endpointUrl: 'http://localhost:3000/endpoint',
          identityUrl: 'http://localhost:3000/login',
        },
      },
    });
  });

  it('is read option by option', () => {
    const args =
      '--endpoint https://a.example/e --identity=https://a.example/i --fault cut@rest --stores 3 --tls good --fault slow@post,ms=1';

    expect(readStoreCommand(args.split(' '), '5000')).toEqual({
      port: 5000,
      stores: 3,
      options: {
        prefill: { endpointUrl: 'https://a.example/e', identityUrl: 'https://a.example/i' },
        faults: [
          { at: 'rest', do: 'cut' },
          { at: 'post', do: 'slow', ms: 1 },
        ],
        tls: { certificate: 'good' },
      },
    });
  });

  it('may ask for help, which names every option', () => {
    expect(readStoreCommand(['--help'])).toBe('help');
    for (const name of ['endpoint', 'identity', 'fault', 'tls', 'stores', 'help']) {
      expect(storeHelp()).toContain(`  --${name} `);
    }
  });

  const refusals: readonly (readonly [args: string, port: string, problem: string])[] = [
    ['--colour red', '4000', '--colour is no option.'],
    ['--toString', '4000', '--toString is no option.'],
    ['-x', '4000', '-x is no option.'],
    ['cut@rest', '4000', '"cut@rest" is no option.'],
    ['--endpoint', '4000', '--endpoint takes URL.'],
    ['--endpoint ftp://a.example/', '4000', '--endpoint: it must be a URL that begins with http'],
    ['--fault slwo@post', '4000', '--fault: There is no fault "slwo".'],
    ['--tls perfect', '4000', '--tls: it must be one of good, self-signed, expired'],
    ['--stores 0', '4000', '--stores must be a number from 1 to 100.'],
    ['', 'http', 'PORT must be a number from 0 to 65535.'],
    ['--stores 2', '65535', 'The last port must be a number from 1 to 65535.'],
  ];
  for (const [args, port, problem] of refusals) {
    it(`is refused with a reason: PORT=${port} ${args}`, () => {
      expect(() => readStoreCommand(args.split(' ').filter(Boolean), port)).toThrow(problem);
    });
  }
});
