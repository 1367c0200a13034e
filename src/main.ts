import { serve } from './cli/serve.js';
import { fail } from './cli/fail.js';

try {
  const app = await serve(process.env);
  const stop = () => {
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
    app.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
} catch (error) {
  fail(error);
}
