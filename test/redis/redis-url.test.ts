import { describe, expect, it } from '@jest/globals';
import { parseRedisUrl } from '../../src/redis/redis-url.js';

describe('parseRedisUrl', () => {
  const readable: Record<string, object> = {
    'redis://localhost': { host: 'localhost', port: 6379, db: 0 },
    'redis://localhost:7000/': { host: 'localhost', port: 7000, db: 0 },
    'redis://:pass@10.0.0.1:6379/3': { host: '10.0.0.1', port: 6379, db: 3, password: 'pass' },
    'redis://app:p%40ss%2F@r.example/1': {
      ...{ host: 'r.example', port: 6379, db: 1, username: 'app', password: 'p@ss/' },
    },
    'redis://[::1]:6379': { host: '::1', port: 6379, db: 0 },
    'rediss://r.example': {
      host: 'r.example',
      port: 6379,
      db: 0,
      tls: { servername: 'r.example' },
    },
  };
  for (const [text, address] of Object.entries(readable)) {
    it(`reads ${text}`, () => {
      expect(parseRedisUrl(text)).toEqual(address);
    });
  }

  for (const text of [
    'http://:hush@localhost',
    'localhost:6379',
    'redis://',
    'redis://:hush@localhost/notanumber',
    'redis://:hush@localhost/0?commandTimeout=0',
    'redis://:hush@localhost/0#x',
    'redis://:hush@localhost:99999999/',
    'redis://:hush%@localhost/',
  ]) {
    it(`refuses ${text} without repeating it`, () => {
      expect(() => parseRedisUrl(text)).toThrow(
        expect.objectContaining({
          code: 'wrong_setting',
          message: expect.not.stringContaining('hush'),
        }),
      );
    });
  }
});
