import { loadConfig, secretSettings, type Config } from '../config.js';
import { generatedSecrets } from '../generated-secrets.js';
import type { RedisSettings } from '../redis/redis-service.js';
import { withSecretFiles } from './secret-files.js';

/** The settings with nothing left open: secrets come from files, or beside an embedded Redis from `DATA_DIR`. */
export function completeConfig(env: NodeJS.ProcessEnv) {
  const config = loadConfig(withSecretFiles(env, secretSettings));
  const { sessionSecrets, encryptionKeys } =
    config.redis.url === undefined ? loadConfig({ ...generatedSecrets(config.dataDir) }) : config;
  return {
    ...config,
    sessionSecrets: config.sessionSecrets ?? sessionSecrets ?? [],
    encryptionKeys: config.encryptionKeys ?? encryptionKeys ?? [],
  };
}

/** Where the Redis of these settings is found, or what to start where there is none. */
export function redisSettings(config: Config, env: NodeJS.ProcessEnv): RedisSettings {
  return {
    url: config.redis.url,
    dataDir: config.dataDir,
    publicUrl: config.publicUrl ?? '',
    searchPath: env['PATH'],
  };
}
