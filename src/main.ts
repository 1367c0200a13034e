import { serve } from './cli/serve.js';
import { fail } from './cli/fail.js';
import { keepMemoryPrivate } from './cli/keep-memory-private.js';

keepMemoryPrivate();
try {
  const app = await serve(process.env);
  let isEnding = false;

  /** Stops as planned, or at once when that is asked for again. */
  const end = (exitCode: number) => {
    if (isEnding) process.exit(exitCode === 0 ? 1 : exitCode);
    isEnding = true;
    app.close().then(() => process.exit(exitCode), fail);
  };
  process.on('SIGTERM', () => {
    end(0);
  });
  process.on('SIGINT', () => {
    end(0);
  });
  // What failed is unknown, so no new work is taken; the exchanges that are under way hold what a store gives once.
  process.on('uncaughtException', (error) => {
    app.deps.log.fatal({ event: 'crashed', err: error });
    end(1);
  });
} catch (error) {
  fail(error);
}
