import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

interface Report {
  readonly messages: readonly { readonly line: number; readonly message: string }[];
}

/** The lines of this text that ESLint, with the project's own rules, calls a way past the one door. */
function refusedLines(lines: readonly string[], file: string): string[] {
  const { stdout } = spawnSync(
    process.execPath,
    ['node_modules/eslint/bin/eslint.js', '--stdin', '--stdin-filename', file, '--format', 'json'],
    { cwd: root, input: lines.join('\n'), encoding: 'utf8' },
  );
  const [report] = JSON.parse(stdout) as Report[];
  const found = (report?.messages ?? []).filter(({ message }) =>
    message.includes('magento/store-http.ts'),
  );
  return lines.filter((_line, at) => found.some(({ line }) => line === at + 1));
}

const waysOut = [
  "import { request as a1 } from 'node:http';",
  "import { get as a2 } from 'http';",
  "import { Agent as a3 } from 'node:http';",
  "import a4 from 'node:http';",
  "import * as a5 from 'node:http';",
  "import { request as b1 } from 'node:https';",
  "import b2 from 'https';",
  "import { connect as c1 } from 'node:http2';",
  "import { connect as d1 } from 'node:net';",
  "import { createConnection as d2, isIP } from 'node:net';",
  "import { Socket as d3 } from 'net';",
  "import { connect as e1 } from 'node:tls';",
  "import { createSocket as f1 } from 'node:dgram';",
  "import { request as g1 } from 'undici';",
  "import h1 from 'axios';",
  "export { connect as i1 } from 'node:net';",
  "await fetch('https://shop.example/');",
  "await globalThis.fetch('https://shop.example/');",
  "await import('node:net');",
  'export const j1 = fetch;',
  "new WebSocket('wss://shop.example/');",
];

const allowed = [
  "import { createServer } from 'node:http';",
  "import type { IncomingMessage, Agent } from 'node:http';",
  "import type { Socket } from 'node:net';",
  "import { isIP } from 'node:net';",
];

describe('the lint rules', () => {
  it('refuse every way out of the process but magento/store-http.ts', () => {
    const refused = refusedLines([...allowed, ...waysOut], 'src/activation/endpoint.ts');

    expect(refused).toEqual(waysOut);
  }, 120_000);
});
