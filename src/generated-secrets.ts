import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.js';

const secretsFile = z.object({ SESSION_SECRETS: z.string(), ENCRYPTION_KEYS: z.string() });

/**
 * The secrets of an installation on embedded defaults, as the two settings would hold them: made once and
 * kept in `dataDir` (mode 0600), so that a restart still reads what was sealed before it.
 *
 * @throws AppError `wrong_setting` where the folder or the file cannot be used.
 */
export function generatedSecrets(dataDir: string): z.infer<typeof secretsFile> {
  const file = path.join(dataDir, 'secrets.json');
  try {
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(freshSecrets()), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new AppError('wrong_setting', 'DATA_DIR must be a folder this user can write to.', {
        cause: error,
      });
    }
  }
  try {
    return secretsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new AppError('wrong_setting', 'DATA_DIR holds a secrets.json that cannot be read.', {
      cause: error,
    });
  }
}

function freshSecrets(): z.infer<typeof secretsFile> {
  return {
    SESSION_SECRETS: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `generated:${randomBytes(32).toString('base64')}`,
  };
}
