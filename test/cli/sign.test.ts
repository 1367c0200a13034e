import { spawn } from 'node:child_process';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { signLines } from '../../src/cli/sign-lines.js';
import { UnreadableLineError } from '../../src/cli/sign-request-line.js';

const root = path.resolve(import.meta.dirname, '../..');
const deps = { nonce: () => 'n'.repeat(32), now: () => new Date(1_700_000_000_999) };
const request = {
  method: 'POST',
  url: 'https://shop.example/index.php/oauth/token/request',
  consumerKey: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6',
  consumerSecret: '0123456789abcdefghijklmnopqrstuv',
  nonce: '3f9c2b7a1d4e5f60718293a4b5c6d7e8',
  timestamp: 1700000000,
};
const signed = {
  authorization: expect.stringMatching(/^OAuth oauth_consumer_key="a1b2/),
  baseString: expect.stringMatching(/^POST&https%3A%2F%2Fshop\.example%2F/),
  signature: 'Sa3IByUBWIMJgReM4JXun7XbrkXC3UBjMNJnFgu/OkM=',
  url: request.url,
};

function bytesOf(...chunks: (string | Uint8Array)[]): Readable {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}

/** An output that keeps what it gets, and takes its time over each line. */
function slowOutput() {
  const written: string[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      setImmediate(done);
    },
  });
  return { stream, answers: () => written.map((line) => JSON.parse(line) as unknown) };
}

async function answersTo(...chunks: (string | Uint8Array)[]) {
  const output = slowOutput();
  const { refused } = await signLines(bytesOf(...chunks), output.stream, deps);
  return { refused, answers: output.answers() };
}

describe('signLines', () => {
  it('answers each line with the signed request, in order', async () => {
    const lines = [1, 2, 3].map((n) =>
      JSON.stringify({ ...request, url: `http://a.example/${n}` }),
    );

    const { answers, refused } = await answersTo(lines.join('\n'));

    expect(answers).toMatchObject([1, 2, 3].map((n) => ({ url: `http://a.example/${n}` })));
    expect(refused).toBe(0);
  });

  it('takes null for absent, digits for a timestamp, and fields it does not know', async () => {
    const extra = { ...request, timestamp: '1700000000', token: null, body: null, remark: 7 };

    const { answers } = await answersTo(JSON.stringify(extra));

    expect(answers).toEqual([signed]);
  });

  it('makes the nonce and the timestamp that are absent', async () => {
    const bare = { ...request, nonce: undefined, timestamp: undefined };

    const { answers } = await answersTo(JSON.stringify(bare));

    expect(answers).toMatchObject([
      {
        authorization: expect.stringMatching(
          /oauth_timestamp="1700000000", oauth_nonce="n{32}", oauth_version="1\.0"/,
        ),
      },
    ]);
  });

  it('answers {error} where a request cannot be made portable, and goes on', async () => {
    const repeated = { ...request, url: 'https://shop.example/rest?a=1&a=2' };
    const broken = { ...request, consumerSecret: '\ud800' };
    const lines = [repeated, broken, request].map((line) => JSON.stringify(line));

    const { answers, refused } = await answersTo(lines.join('\n'));

    expect(answers).toEqual([
      { error: 'The parameter name "a" occurs twice, and Magento signs only the last one.' },
      { error: 'The consumerSecret holds half a surrogate pair, which has no UTF-8 form.' },
      signed,
    ]);
    expect(refused).toBe(2);
  });

  it('signs with secrets that are empty or any Unicode', async () => {
    const secrets = ['', 'é😀\u2028&%+', '0'.repeat(5000)];
    const lines = secrets.map((consumerSecret) =>
      JSON.stringify({ ...request, consumerSecret, token: 't', tokenSecret: consumerSecret }),
    );

    const { answers } = await answersTo(lines.join('\n'));

    expect(new Set(answers.map((answer) => (answer as typeof signed).signature)).size).toBe(3);
  });

  it('reads CRLF, blank lines, raw U+2028, a byte order mark and no line end at the end', async () => {
    const line = JSON.stringify({ ...request, verifier: '\u2028' });

    const { answers } = await answersTo(`\ufeff${line}\r\n\r\n  \n${line}`);

    expect(line).toContain('\u2028');
    expect(answers).toHaveLength(2);
  });

  it('reads characters and lines that are cut by chunks anywhere', async () => {
    const text = Buffer.from(
      `${JSON.stringify({ ...request, consumerSecret: 'é😀' })}\n`.repeat(2),
    );
    const single = Array.from(text, (byte) => Uint8Array.of(byte));

    const { answers } = await answersTo(...single);

    expect(answers).toEqual((await answersTo(text)).answers);
    expect(answers).toHaveLength(2);
  });

  it('reads no further than its reader takes', async () => {
    let made = 0;
    const line = Buffer.from(`${JSON.stringify(request)}\n`);
    const endless = Readable.from(
      (function* () {
        for (; ; made++) yield line;
      })(),
    );
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined });

    void signLines(endless, stuck, deps);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);

    expect(made).toBeLessThan(40);
    endless.destroy();
  });

  const unreadable: [what: string, line: string | Uint8Array, message: string][] = [
    ['text that is not JSON', '{"consumerSecret":"hush"', 'Line 2 is not JSON.'],
    ['an array', '["hush"]', 'Line 2 is not a JSON object.'],
    ['null', 'null', 'Line 2 is not a JSON object.'],
    [
      'a missing field',
      JSON.stringify({ ...request, url: undefined }),
      'Line 2: the field "url" must be a string.',
    ],
    [
      'a required field that is null',
      JSON.stringify({ ...request, consumerKey: null }),
      'Line 2: the field "consumerKey" must be a string.',
    ],
    [
      'a field of another type',
      JSON.stringify({ ...request, tokenSecret: ['hush'] }),
      'Line 2: the field "tokenSecret" must be a string.',
    ],
    [
      'a timestamp that is no number',
      JSON.stringify({ ...request, timestamp: 'hush' }),
      'Line 2: the field "timestamp" must be a number or a string of digits.',
    ],
    ['bytes that are not UTF-8', Uint8Array.of(0xff), 'Line 2 or one soon after it is not UTF-8.'],
    ['a line without end', 'x'.repeat(16 * 1024 * 1024 + 1), 'Line 2 is too long.'],
  ];
  for (const [what, line, message] of unreadable) {
    it(`names line and field of ${what}, after answering what came before`, async () => {
      const output = slowOutput();
      const input = bytesOf(`${JSON.stringify(request)}\n`, line);

      const failure: unknown = await signLines(input, output.stream, deps).catch(
        (error: unknown) => error,
      );

      expect(failure).toBeInstanceOf(UnreadableLineError);
      expect(failure).toHaveProperty('message', message);
      expect(output.answers()).toEqual([signed]);
    });
  }
});

/** Runs `npm run sign` without npm, which would only add its own words. */
async function run(input: string, stopReadingAfterFirstChunk = false) {
  const command = spawn(process.execPath, ['scripts/run.js', 'cli/sign'], { cwd: root });
  let stdout = '';
  let stderr = '';
  command.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stopReadingAfterFirstChunk) command.stdout.destroy();
  });
  command.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // The command may end before it has read everything: that is its right.
  command.stdin.on('error', () => undefined);
  command.stdin.end(input);
  const code = await new Promise((resolve) => command.once('close', resolve));
  return { code, stdout, stderr };
}

describe('npm run sign', () => {
  it('signs, and exits with 0', async () => {
    const { code, stdout, stderr } = await run(`${JSON.stringify(request)}\n`);

    expect(JSON.parse(stdout)).toEqual(signed);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('makes another nonce of 32 small letters and digits for each request', async () => {
    const line = JSON.stringify({ ...request, nonce: null, timestamp: null });

    const { stdout } = await run(`${line}\n${line}\n`);

    const nonces = [...stdout.matchAll(/oauth_nonce=\\"([0-9a-z]{32})\\"/g)].map(([, one]) => one);
    expect(new Set(nonces).size).toBe(2);
  });

  it('exits with 1 when a request was refused, after the ones behind it', async () => {
    const repeated = { ...request, url: 'https://shop.example/rest?a=1&a=2' };

    const { code, stdout, stderr } = await run(
      `${JSON.stringify(repeated)}\n${JSON.stringify(request)}\n`,
    );

    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('says in one sentence what it cannot read, and exits with 1', async () => {
    const { code, stdout, stderr } = await run('{"method":"GET","url":7}\n');

    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Line 1: the field "url" must be a string.\n',
    });
  });

  it('ends quietly when nobody reads on', async () => {
    const { code, stderr } = await run(`${JSON.stringify(request)}\n`.repeat(20_000), true);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
