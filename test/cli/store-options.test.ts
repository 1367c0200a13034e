import { describe, expect, it } from '@jest/globals';
import { readStoreCommand, storeHelp } from '../../src/cli/store-options.js';

/** A value of an option, and what it becomes. */
const rows: Readonly<Record<string, readonly [value: string | undefined, change: object]>> = {
  release: ['2.4.7', { release: '2.4.7' }],
  shape: ['sub-directory', { shape: 'sub-directory' }],
  'admin-front-name': ['backend_x', { adminFrontName: 'backend_x' }],
  'admin-url': ['http://admin.localhost:0/', { adminUrl: 'http://admin.localhost:0/' }],
  'redirects-to-https': [undefined, { redirectsToHttps: true }],
  'integration-bearer': [undefined, { integrationBearer: true }],
  'two-factor': ['google-required', { twoFactor: 'google-required' }],
};

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

  it('announces a base URL with one slash at its end', () => {
    for (const url of ['https://shop.example/eu', 'https://shop.example/eu/']) {
      const command = readStoreCommand(['--base-url', url]);

      expect(command !== 'help' && command.options.baseUrl?.('http://localhost:4000/')).toBe(
        'https://shop.example/eu/',
      );
    }
  });

  it('may ask for help, which names every option', () => {
    expect(readStoreCommand(['--help'])).toBe('help');
    const help = storeHelp();
    for (const name of [
      'endpoint',
      'identity',
      'base-url',
      ...Object.keys(rows),
      'fault',
      'tls',
      'stores',
    ]) {
      expect(help).toContain(`\n  --${name} `);
    }
    expect(help).toContain('\n  --help ');
  });

  for (const [name, [value, change]] of Object.entries(rows)) {
    it(`has --${name}`, () => {
      const command = readStoreCommand([`--${name}`, ...(value === undefined ? [] : [value])]);

      expect(command).toMatchObject({ options: change });
    });
  }

  const refusals: readonly (readonly [args: string, port: string, problem: string])[] = [
    ['--colour red', '4000', '--colour is no option.'],
    ['--toString', '4000', '--toString is no option.'],
    ['-x', '4000', '-x is no option.'],
    ['cut@rest', '4000', '"cut@rest" is no option.'],
    ['--endpoint', '4000', '--endpoint takes URL.'],
    ['--endpoint ftp://a.example/', '4000', '--endpoint: it must be a URL that begins with http'],
    ['--fault slwo@post', '4000', '--fault: There is no fault "slwo".'],
    ['--tls perfect', '4000', '--tls: it must be one of good, self-signed, expired'],
    ['--release 2.5', '4000', '--release: it must be one of 2.3.7, 2.4.2'],
    ['--shape round', '4000', '--shape: it must be one of plain, index.php'],
    ['--base-url shop', '4000', '--base-url: it must be a URL that begins with http'],
    ['--admin-url shop', '4000', '--admin-url: it must be a URL that begins with http'],
    ['--integration-bearer=yes', '4000', '--integration-bearer takes no value.'],
    ['--two-factor on', '4000', '--two-factor: it must be one of off, google-required'],
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
