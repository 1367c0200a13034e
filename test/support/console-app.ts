import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import express from 'express';
import supertest from 'supertest';
import { supportCode } from '../../src/activation/support-code.js';
import { consoleRoutes } from '../../src/console/console-routes.js';
import { requireOperator } from '../../src/console/require-operator.js';
import { consoleSignInRoutes } from '../../src/console/sign-in.js';
import { errorHandler } from '../../src/http/error-handler.js';
import { requestLog } from '../../src/http/request-log.js';
import { securityHeaders } from '../../src/http/security-headers.js';
import { startApp, type AppOptions, type TestApp } from './start-app.js';

/** The app with its console. Goes as soon as `createApp` mounts the console: `startApp` takes its place. */
export async function startConsole(options: AppOptions = {}): Promise<TestApp> {
  const running = await startApp(options);
  const deps = { ...running.deps, supportCode };
  const app = express();
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('views', path.resolve(import.meta.dirname, '../../views'));
  app.set('view engine', 'ejs');
  app.use(requestLog(deps), securityHeaders({ https: false }), deps.sessions);
  app.use('/console', consoleSignInRoutes(deps), requireOperator(deps), consoleRoutes(deps));
  app.use(errorHandler(deps));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { ...running, url, visitor: () => supertest.agent(url) };
}

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});
