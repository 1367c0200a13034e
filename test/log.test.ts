import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createLog, type Logger } from '../src/log.js';

const sentinel = 'sentinel-0123456789';

/** A log, and its lines as they were written. */
function logged(tell: (log: Logger) => void, level = 'trace'): string[] {
  const lines: string[] = [];
  tell(createLog(level, { write: (line) => void lines.push(line) }));
  return lines;
}

function lineOf(tell: (log: Logger) => void): Record<string, unknown> {
  return JSON.parse(logged(tell)[0] ?? '') as Record<string, unknown>;
}

/** Anything, as a caller without types would give it. */
const untyped = (fields: object) => fields as { event: string };

describe('a line of the log', () => {
  it('holds what its event says', () => {
    const line = lineOf((log) => {
      log.warn(
        { event: 'x', status: 503, answered: false, missing: ['a', 'b'], account: 'mia' },
        'hm',
      );
    });

    expect(line).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      event: 'x',
      status: 503,
      answered: false,
      missing: ['a', 'b'],
      account: 'mia',
      msg: 'hm',
    });
  });

  it('is refused by the compiler with a field that is not on the list', () => {
    const line = lineOf((log) => {
      // @ts-expect-error -- no event may have it
      log.info({ event: 'x', password: sentinel });
    });

    expect(line).not.toHaveProperty('password');
  });

  it('is refused by the compiler with no event', () => {
    const line = lineOf((log) => {
      // @ts-expect-error -- every line has one
      log.info({ account: 'mia' });
    });

    expect(line).toMatchObject({ account: 'mia' });
  });

  const strangers: Record<string, object> = {
    'a field that is not on the list': { secret: sentinel },
    'a field whose very name tells something': { [sentinel]: true },
    'an object where a text belongs': { account: { password: sentinel } },
    'a text where a number belongs': { status: sentinel },
    'a Buffer': { account: Buffer.from(sentinel) },
    'something with a toJSON of its own': { url: { toJSON: () => sentinel } },
    'the name of an object’s own parts': { constructor: sentinel, toString: sentinel },
    'a time of its own': { time: sentinel, level: sentinel, msg: sentinel },
  };
  for (const [what, fields] of Object.entries(strangers)) {
    it(`drops ${what}, and says that something is missing`, () => {
      const [text = ''] = logged((log) => {
        log.info(untyped({ event: 'x', ...fields }));
      });

      expect(text).not.toContain(sentinel);
      expect(JSON.parse(text)).toMatchObject({
        event: 'x',
        dropped: Object.keys(fields).length,
      });
    });
  }

  it('is dropped whole where an error was given for its fields', () => {
    const [text = ''] = logged((log) => {
      log.error(untyped(Object.assign(new Error(sentinel), { command: sentinel })));
    });

    expect(text).not.toContain(sentinel);
    expect(JSON.parse(text)).toMatchObject({ level: 'error', dropped: 1 });
  });

  it('cuts a long text', () => {
    const { host, msg } = lineOf((log) => {
      log.info({ event: 'x', host: 'h'.repeat(10_000) }, 's'.repeat(10_000));
    });

    expect(host).toBe(`${'h'.repeat(200)}…`);
    expect(msg).toBe(`${'s'.repeat(200)}…`);
  });

  it('is not written below the level that was asked for', () => {
    const lines = logged((log) => {
      log.info({ event: 'x' });
      log.error({ event: 'y' });
    }, 'warn');

    expect(lines).toHaveLength(1);
  });

  const hostile: Record<string, string> = {
    'a line break': `a\r\n{"level":"fatal","event":"forged"}`,
    'NEL and the separators of Unicode': 'a\u0085b\u2028c\u2029d',
    'ANSI codes': 'a\u001b[2J\u001b]0;title\u0007\u009b31mb',
    'a text turned around': 'a\u202eb\u2066c\u200fd\u061ce',
    'what is not seen': 'a\u200bb\u00adc\ufeffd\u{e0041}e',
    'half a character': 'a\ud800b',
    'NUL and DEL': 'a\0b\x7fc',
  };
  for (const [what, value] of Object.entries(hostile)) {
    it(`stays one line that hides nothing, with ${what} in it`, () => {
      const [text = '', ...others] = logged((log) => {
        log.info({ event: 'x', account: value, missing: [value] }, value);
      });

      expect(others).toEqual([]);
      expect(text).toMatch(/^[^\p{C}\u2028\u2029]+\n$/u);
      expect(JSON.parse(text)).toMatchObject({ account: value, missing: [value], msg: value });
    });
  }
});

describe("README's table of fields", () => {
  it('names every field that a line may have, and no other', () => {
    const read = (file: string) =>
      readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8');
    const fields = [...read('src/log/log-fields.ts').matchAll(/^ {2}(\w+): '\w+',$/gm)];
    const [, table = ''] = /^\| fields .*\n\|.*\n((?:\|.*\n)+)/m.exec(read('README.md')) ?? [];
    const cells = [...table.matchAll(/^\| (.*?) +\|/gm)].map(([, cell]) => cell).join(' ');

    expect(fields.length).toBeGreaterThan(20);
    expect(cells.split(' ').sort()).toEqual(fields.map(([, name]) => `\`${name}\``).sort());
  });
});
