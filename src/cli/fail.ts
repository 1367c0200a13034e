import { AppError } from '../errors.js';

/** What the shell reads when a setting is wrong: EX_CONFIG of sysexits.h. */
const wrongSetting = 78;

/** Ends a command with one sentence on standard error: status 78 for a wrong setting, else 1. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? sentence(error) : 'failed for an unknown reason');
  process.exit(error instanceof AppError && error.code === 'wrong_setting' ? wrongSetting : 1);
}

/** The system's words for an address that cannot be listened on, in ours; any other error speaks for itself. */
function sentence(
  error: Error & Partial<Record<'code' | 'syscall' | 'address' | 'port', unknown>>,
) {
  const { code, syscall, address, port } = error;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error.message;
  const place = `Port ${String(port)} of ${String(address)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${place} is taken by another process.`;
    case 'EACCES':
      return `${place} may not be used by this user.`;
    default:
      return `HOST is not an address of this machine (${String(code)}).`;
  }
}
