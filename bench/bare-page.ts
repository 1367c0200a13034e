import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Redis } from 'ioredis';
import { sessions } from '../src/accounts/session.js';

declare module 'express-session' {
  interface SessionData {
    /** The benchmark's own: what makes a session worth keeping. */
    isMeasured?: boolean;
  }
}

/**
 * The least that Express could answer with a page: `/static` sends a text that lies in memory, `/session` sends the same
 * text once a session has been found. No record, no template, no header of safety, no log. Prints its port.
 */
const [file = '', redisPort = ''] = process.argv.slice(2);
const page = readFileSync(file, 'utf8');
const app = express();
app.disable('etag');
app.get('/static', (_req, res) => {
  res.type('html').send(page);
});
app.use(
  sessions({
    redis: new Redis({ port: Number(redisPort), host: '127.0.0.1' }),
    prefix: 'bare:',
    secrets: ['the secret of a benchmark has 32 bytes or more'],
    https: false,
  }),
);
app.get('/session', (req, res) => {
  req.session.isMeasured = true;
  res.type('html').send(page);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
