import { describe, expect, it } from '@jest/globals';
import { readRestError } from '../../src/magento/rest-error.js';

function read(body: unknown) {
  return readRestError(JSON.stringify(body));
}

describe('readRestError', () => {
  it('fills the placeholders by name', () => {
    const error = read({
      message: "The consumer isn't authorized to access %resources.",
      parameters: { resources: 'Magento_Catalog::products' },
    });

    expect(error).toEqual({
      message: "The consumer isn't authorized to access Magento_Catalog::products.",
      parameters: { resources: 'Magento_Catalog::products' },
    });
  });

  it('fills the placeholders by number', () => {
    const error = read({ message: '%2 is not %1%3', parameters: ['a', 5] });

    expect(error?.message).toBe('5 is not a%3');
  });

  it('leaves placeholders without a value, also those that every object has', () => {
    const error = read({ message: '%constructor %toString %1 100%', parameters: {} });

    expect(error?.message).toBe('%constructor %toString %1 100%');
  });

  it('does not fill what a value brought in', () => {
    const error = read({ message: '%1 %2', parameters: ['%2', '$&'] });

    expect(error?.message).toBe('%2 $&');
  });

  it('reads what has no parameters, or strange ones', () => {
    expect(read({ message: 'Internal Error.' })?.message).toBe('Internal Error.');
    expect(read({ message: 'Internal Error.', parameters: 7 })?.message).toBe('Internal Error.');
    expect(read({ message: 'Error %a', parameters: { a: { b: 1 } } })?.message).toBe('Error %a');
    expect(read({ message: 'Error', trace: '#0 x.php', code: 3 })).not.toHaveProperty('trace');
  });

  it('bounds the message', () => {
    const error = read({ message: '%1'.repeat(5_000), parameters: ['x'.repeat(50)] });

    expect(error?.message.length).toBeLessThanOrEqual(500);
  });

  const foreign = ['', '<html>', 'null', '[]', '"text"', '{}', '{"message":7}', '{"message":"a"'];
  for (const body of [...foreign, '{"messages":{"error":[{"code":500,"message":"x"}]}}']) {
    it(`does not take ${JSON.stringify(body)} for one`, () => {
      expect(readRestError(body)).toBeUndefined();
    });
  }
});
