import { describe, expect, it } from '@jest/globals';
import { phpVariable } from '../../src/oauth1/php-variable.js';

describe('phpVariable', () => {
  const variables = {
    name: { name: 'name', isArray: false },
    'a.b c': { name: 'a_b_c', isArray: false },
    '  a': { name: 'a', isArray: false },
    ' a[x]': { name: 'a', isArray: true },
    'a[x.y z]': { name: 'a', isArray: true },
    'a[b]c': { name: 'a', isArray: true },
    'a.b[]': { name: 'a_b', isArray: true },
    'a]b': { name: 'a]b', isArray: false },
    'a[b': { name: 'a_b', isArray: false },
    'a][b': { name: 'a]_b', isArray: false },
    'a\0b': { name: 'a', isArray: false },
  };
  for (const [name, variable] of Object.entries(variables)) {
    it(`reads ${JSON.stringify(name)} as ${JSON.stringify(variable)}`, () => {
      expect(phpVariable(name)).toEqual(variable);
    });
  }

  for (const name of ['', ' ', '[a]', '\0a']) {
    it(`drops ${JSON.stringify(name)}`, () => {
      expect(phpVariable(name)).toBeUndefined();
    });
  }
});
