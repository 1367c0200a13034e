import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { extraAuthorities } from '../../src/cli/extra-authorities.js';
import { newAuthority } from '../support/certificates.js';

const folder = mkdtempSync(path.join(tmpdir(), 'mi-authorities-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(text: string): string {
  const file = path.join(folder, 'sentinel.pem');
  writeFileSync(file, text);
  return file;
}

describe('extraAuthorities', () => {
  const [one, other] = [newAuthority(), newAuthority()];

  it('has none where no file is named', () => {
    expect(extraAuthorities(undefined)).toEqual([]);
  });

  it('reads every certificate of a file, whatever else stands there', () => {
    const file = fileWith(`# ours\r\n${one.cert}\nthe other one:\n${other.cert}${one.itself.key}`);

    expect(extraAuthorities(file)).toEqual([one.cert, other.cert]);
  });

  const wrong: Record<string, () => string> = {
    'is not there': () => path.join(folder, 'sentinel-of-nothing.pem'),
    'is a folder': () => folder,
    'is empty': () => fileWith(''),
    'holds a key alone': () => fileWith(one.itself.key),
    'holds a certificate that is cut short': () => fileWith(one.cert.replace(/\n.{20}/, '\n')),
    'holds a good certificate and a broken one': () =>
      fileWith(`${one.cert}${other.cert.replace(/\n.{20}/, '\n')}`),
  };
  for (const [what, file] of Object.entries(wrong)) {
    it(`refuses a file that ${what}, without its name`, () => {
      const message =
        'EXTRA_CA_FILE must be a file of certificates in PEM that this user can read.';

      expect(() => extraAuthorities(file())).toThrow(
        expect.objectContaining({ code: 'wrong_setting', message }),
      );
    });
  }
});
