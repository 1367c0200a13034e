import { beforeAll, describe, expect, it } from '@jest/globals';
import { RedisStore as SessionStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import type { Redis } from 'ioredis';
import request from 'supertest';
import type { RedisService } from '../../src/redis/redis-service.js';
import { embedded, newDataDir, openForFile } from './support.js';

const services = {} as Record<'server' | 'standIn', RedisService>;

beforeAll(async () => {
  services.server = await openForFile(embedded(await newDataDir()));
  services.standIn = await openForFile(embedded(await newDataDir(), { searchPath: '' }));
});

type Step = (client: Redis) => Promise<unknown>;

const script = (lua: string, key = 'k', ...args: (string | number)[]): Step => {
  return (client) => client.eval(lua, 1, key, ...args);
};

/** Each runs on an empty key `k` of a real server and of the stand-in; the answers must be the same. */
const alike: Record<string, Step[]> = {
  'SET NX PX, once': [
    (c) => c.set('k', '1', 'PX', 5_000, 'NX'),
    (c) => c.set('k', '2', 'PX', 5_000, 'NX'),
    (c) => c.get('k'),
  ],
  'SET EX GET, KEEPTTL, GETDEL, GETEX': [
    (c) => c.set('k', '1', 'EX', 50, 'GET'),
    (c) => c.set('k', '2', 'EX', 50, 'GET'),
    (c) => c.set('k', '3', 'KEEPTTL'),
    (c) => c.ttl('k'),
    (c) => c.getex('k', 'EX', 90),
    (c) => c.getdel('k'),
  ],
  'numbers: INCR, INCRBY, DECR, HINCRBY, and a wrong type': [
    (c) => c.incr('k'),
    (c) => c.incrby('k', 5),
    (c) => c.decr('k'),
    (c) => c.hincrby('k', 'f', 1),
  ],
  'EXPIRE, PEXPIRE NX XX GT LT, PERSIST, TTL': [
    (c) => c.expire('k', 10),
    (c) => c.set('k', '1'),
    (c) => c.expire('k', 10, 'XX'),
    (c) => c.expire('k', 10, 'NX'),
    (c) => c.pexpire('k', 5_000, 'GT'),
    (c) => c.pexpire('k', 5_000, 'LT'),
    (c) => c.ttl('k'),
    (c) => c.persist('k'),
    (c) => c.pttl('k'),
  ],
  hashes: [
    (c) => c.hset('k', { a: '1', b: '2' }),
    (c) => c.hsetnx('k', 'a', '9'),
    (c) => c.hmget('k', 'a', 'none'),
    (c) => c.hgetall('k'),
    (c) => c.hdel('k', 'a', 'none'),
    (c) => c.hexists('k', 'a'),
    (c) => c.hlen('k'),
  ],
  sets: [
    (c) => c.sadd('k', 'a', 'b'),
    (c) => c.sismember('k', 'a'),
    (c) => c.srem('k', 'a'),
    (c) => c.smembers('k'),
    (c) => c.scard('k'),
  ],
  lists: [(c) => c.lpush('k', 'a', 'b'), (c) => c.ltrim('k', 0, 0), (c) => c.lrange('k', 0, -1)],
  'ZADD and ranges by score': [
    (c) => c.zadd('k', 3, 'c', 1, 'a', 2, 'b'),
    (c) => c.zadd('k', 'NX', 'CH', 9, 'a'),
    (c) => c.zadd('k', 'GT', 'CH', 5, 'a'),
    (c) => c.zrangebyscore('k', '-inf', '(5', 'WITHSCORES', 'LIMIT', 0, 5),
    (c) => c.zrevrangebyscore('k', '+inf', '-inf'),
    (c) => c.zrange('k', '+inf', '-inf', 'BYSCORE', 'REV', 'LIMIT', '0', '2'),
    (c) => c.zrange('k', '0', '-1', 'WITHSCORES'),
    (c) => c.zcount('k', 2, 3),
    (c) => c.zrem('k', 'a', 'none'),
    (c) => c.zscore('k', 'a'),
    (c) => c.zrank('k', 'c'),
    (c) => c.zremrangebyscore('k', '-inf', 2),
    (c) => c.zcard('k'),
  ],
  'ZRANGEBYLEX in the order of bytes': [
    (c) => c.zadd('k', 0, 'b:2', 0, 'a:10', 0, 'a:9', 0, 'é', 0, 'Z'),
    (c) => c.zrangebylex('k', '-', '+'),
    (c) => c.zrangebylex('k', '[a:', '(a;'),
    (c) => c.zrangebylex('k', '(a:10', '+', 'LIMIT', 0, 2),
    (c) => c.zrevrangebylex('k', '+', '-', 'LIMIT', 0, 2),
    (c) => c.zrange('k', '[a', '+', 'BYLEX', 'LIMIT', '1', '2'),
    (c) => c.zlexcount('k', '[a', '[b'),
    (c) => c.zremrangebylex('k', '[a', '(b'),
    (c) => c.zrange('k', '0', '-1'),
  ],
  'members of one score in the order of bytes': [
    (c) => c.zadd('k', 1, 'b', 1, 'a', 1, 'c'),
    (c) => c.zrange('k', '0', '-1'),
    (c) => c.zrangebyscore('k', 1, 1, 'LIMIT', 1, 1),
    (c) => c.zpopmin('k'),
  ],
  'streams: XADD MAXLEN ~, XRANGE, XREVRANGE, XDEL, XTRIM, XLEN': [
    (c) => c.xadd('k', 'MAXLEN', '~', 1000, '1-1', 'f', 'v', 'g', 'w'),
    (c) => c.xadd('k', 'MAXLEN', '~', 1000, '2-1', 'f', 'x'),
    (c) => c.xadd('k', '3-1', 'f', 'y'),
    (c) => c.xrange('k', '-', '+', 'COUNT', 2),
    (c) => c.xrange('k', '(1-1', '+'),
    (c) => c.xrevrange('k', '+', '-', 'COUNT', 1),
    (c) => c.xrevrange('k', '(3-1', '-', 'COUNT', 5),
    (c) => c.xdel('k', '1-1'),
    (c) => c.xtrim('k', 'MAXLEN', 1),
    (c) => c.xlen('k'),
  ],
  'the last of a sorted set: ZADD XX, ZREMRANGEBYRANK, ZRANGE from the end': [
    (c) => c.zadd('k', 1, 'a', 2, 'b', 3, 'c', 4, 'd'),
    (c) => c.zadd('k', 'XX', 9, 'a', 9, 'none'),
    (c) => c.zrange('k', '0', '-3'),
    (c) => c.zrange('k', '-2', '-1'),
    (c) => c.zremrangebyrank('k', 0, -3),
    (c) => c.zremrangebyrank('k', 0, -3),
    (c) => c.zrange('k', '0', '-1'),
  ],
  'a stream cut to its last entries in a script that gives it a longer life': [
    script(`return type(redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[1], '*', 'e', 'v'))`, 'k', 2),
    script(`return redis.call('PTTL', KEYS[1])`),
    script(`return redis.call('PEXPIRE', KEYS[1], '5000')`),
    script(`return redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1])`, 'k', '9000'),
    script(`for i = 1, 5 do redis.call('XADD', KEYS[1], 'MAXLEN', 2, '*', 'e', i) end`),
    (c) => c.xrevrange('k', '+', '-').then((entries) => entries.map(([, fields]) => fields)),
  ],
  'cjson in a script': [
    script(`return cjson.encode(cjson.decode(ARGV[1]))`, 'k', '{"n":4}'),
    script(`return cjson.encode(cjson.decode(ARGV[1]))`, 'k', '{"ms":1700000000123}'),
    script(`return cjson.encode(cjson.decode(ARGV[1]).list)`, 'k', '[[]]'),
    script(`return cjson.encode(cjson.decode(ARGV[1]))`, 'k', '["é/\\"\\u0001",1.5,true,null]'),
    script(`return tostring(cjson.decode('{"a":null}').a == cjson.null)`),
    script(`return cjson.decode('not json')`),
    script(`return tostring(pcall(cjson.decode, 'not json'))`),
  ],
  'a script on every type': [
    script(`return redis.call('SET', KEYS[1], ARGV[1], 'PX', 5000, 'NX')`, 'k', 'v'),
    script(`return redis.call('SET', KEYS[1], ARGV[1], 'PX', 5000, 'NX')`, 'k', 'v'),
    script(`return {redis.call('GET', KEYS[1]), redis.call('GET', 'none') == false}`),
    script(`return redis.call('DEL', KEYS[1])`),
    script(
      `redis.call('HSET', KEYS[1], 'a', 1, 'b', 2) return redis.call('HMGET', KEYS[1], 'a', 'c')`,
    ),
    script(`local h = redis.call('HGETALL', KEYS[1]) return #h`),
    script(`redis.call('DEL', KEYS[1]) return redis.call('ZADD', KEYS[1], 1, 'a', 1, 'b')`),
    script(`return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 9)`, 'k', 1),
    script(`return redis.call('ZRANGEBYLEX', KEYS[1], '[a', '+')`),
    script(
      `redis.call('DEL', KEYS[1]) return redis.call('XADD', KEYS[1], 'MAXLEN', '~', 9, '1-1', 'a', 'b')`,
    ),
    script(`return redis.call('XRANGE', KEYS[1], '-', '+')`),
    script(`return {redis.call('PEXPIRE', KEYS[1], 9000), redis.call('TTL', KEYS[1])}`),
    script(`return redis.call('PEXPIREAT', KEYS[1], ARGV[1])`, 'k', '4102444800000'),
    script(`return redis.call('PEXPIRETIME', KEYS[1])`),
  ],
  'what a script can answer': [
    script(`return {1, 'two', false, {3, {4}}}`),
    script(`return {1, nil, 3}`),
    script(`return true`),
    script(`return 3.9`),
    script(`return redis.status_reply('FINE')`),
    script(`return redis.error_reply('CONFLICT version')`),
    script(`return {err = 'CONFLICT version'}`),
    script(`return redis.sha1hex('a')`),
    script(`return #redis.call('TIME')`),
    script(
      `return {KEYS[1], ARGV[1], #ARGV, tonumber('12') + 1, string.format('%05d', 7)}`,
      'k',
      'é',
    ),
  ],
  'a script that fails half-way keeps what it did, as on a server': [
    script(`redis.call('SET', KEYS[1], 'text') return redis.pcall('INCR', KEYS[1]).err`),
    (c) => c.get('k'),
  ],
  'MULTI, WATCH and pipelines': [
    (c) => c.multi().set('k', '1').incr('k').exec(),
    (c) => c.pipeline().incr('k').get('k').exec(),
    (c) => c.watch('k'),
    (c) => c.unwatch(),
  ],
  'SCAN, TYPE, EXISTS, UNLINK, RENAME': [
    (c) => c.set('k', '1'),
    (c) => c.scan('0', 'MATCH', 'k*', 'COUNT', 1_000),
    (c) => c.type('k'),
    (c) => c.exists('k', 'k', 'none'),
    (c) => c.rename('k', 'k2'),
    (c) => c.unlink('k2', 'none'),
  ],
  'PING, and what it does not know': [(c) => c.ping(), (c) => c.call('NOSUCHCOMMAND')],
};

/** The parts of an error that code may rely on: its first word. */
async function answers(client: Redis, steps: Step[]): Promise<unknown[]> {
  await client.del('k', 'k2');
  const found: unknown[] = [];
  for (const step of steps) {
    found.push(await step(client).catch((error: unknown) => String(error).split(' ')[1]));
  }
  return found;
}

describe('the stand-in answers as a server does', () => {
  for (const [name, steps] of Object.entries(alike)) {
    it(name, async () => {
      const expected = await answers(services.server.client, steps);

      expect(await answers(services.standIn.client, steps)).toEqual(expected);
    });
  }

  it('defineCommand: EVALSHA first, then EVAL, and after SCRIPT FLUSH again', async () => {
    const { client } = services.standIn;
    client.defineCommand('addTo', {
      numberOfKeys: 1,
      lua: `local o = cjson.decode(redis.call('GET', KEYS[1]) or '{"n":0}')
        o.n = o.n + tonumber(ARGV[1])
        redis.call('SET', KEYS[1], cjson.encode(o))
        return o.n`,
    });
    const addTo = (n: number) =>
      (client as unknown as { addTo(key: string, n: number): Promise<number> }).addTo('sum', n);

    expect(await addTo(2)).toBe(2);
    expect(await addTo(3)).toBe(5);
    await client.script('FLUSH');
    expect(await addTo(4)).toBe(9);
  });

  it('forgets what has expired', async () => {
    const { client } = services.standIn;
    await client.set('short', '1', 'PX', 1);
    while ((await client.pttl('short')) > 0) await new Promise((resolve) => setImmediate(resolve));

    expect(await client.get('short')).toBeNull();
    expect(await client.exists('short')).toBe(0);
  });

  it('keeps bytes as they are', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await services.standIn.client.set('bytes', bytes);

    expect(await services.standIn.client.getBuffer('bytes')).toEqual(bytes);
  });

  it('INFO and CONFIG GET tell that nothing is evicted and nothing kept', async () => {
    expect(await services.standIn.client.info('persistence')).toContain('aof_enabled:0');
    expect(await services.standIn.client.config('GET', 'maxmemory-policy')).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
  });
});

describe('the packages of the app', () => {
  it('keep and destroy sessions: connect-redis with express-session', async () => {
    const { client } = services.standIn;
    const app = express();
    const store = new SessionStore({ client, prefix: 'sess:' });
    app.use(session({ store, secret: 'x', resave: false, saveUninitialized: false }));
    app.get('/in', (req, res) => {
      Object.assign(req.session, { who: 'ada' });
      res.end();
    });
    app.get('/who', (req, res) => {
      res.json({ who: (req.session as unknown as { who?: string }).who ?? null });
    });
    app.get('/out', (req, res, next) => {
      req.session.destroy((error?: Error) => {
        if (error) next(error);
        else res.end();
      });
    });
    const agent = request.agent(app);

    await agent.get('/in').expect(200);
    await agent.get('/who').expect(200, { who: 'ada' });
    expect(await client.keys('sess:*')).toHaveLength(1);
    expect(await client.ttl((await client.keys('sess:*'))[0] ?? '')).toBeGreaterThan(0);
    await agent.get('/out').expect(200);
    await agent.get('/who').expect(200, { who: null });
    expect(await client.keys('sess:*')).toHaveLength(0);
  });
});
