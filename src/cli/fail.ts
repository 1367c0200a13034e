import { AppError } from '../errors.js';

/** What the shell reads when a setting is wrong: EX_CONFIG of sysexits.h. */
const wrongSetting = 78;

/** Ends a command with one sentence on standard error: status 78 for a wrong setting, else 1. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : 'failed for an unknown reason');
  process.exit(error instanceof AppError && error.code === 'wrong_setting' ? wrongSetting : 1);
}
