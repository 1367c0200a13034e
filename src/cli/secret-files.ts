import { readFileSync } from 'node:fs';

/**
 * An environment in which each setting that `secretSettings` of `config.ts` names, and that is given as a file
 * (`REDIS_URL_FILE`), stands as if it had been given itself. `loadConfig` refuses what is left: a file beside the
 * setting itself, or one that is empty or cannot be read.
 */
export function withSecretFiles(
  env: NodeJS.ProcessEnv,
  names: readonly string[],
): NodeJS.ProcessEnv {
  const complete = { ...env };
  for (const name of names) {
    const file = env[`${name}_FILE`];
    const text = file && !env[name] ? contentOf(file) : '';
    if (text === '') continue;
    complete[name] = text;
    complete[`${name}_FILE`] = '';
  }
  return complete;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
