import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The Redis or Valkey server to start, looked for in the folders of `searchPath` (the process's PATH). */
export function findServer(searchPath: string | undefined): string | undefined {
  const folders = (searchPath ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
