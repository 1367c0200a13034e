import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors.js';
import { failureReason } from './failure-reason.js';

/** The folder of the embedded Redis: its data, its sockets, its log. Nobody but its owner may enter. */
export interface SocketFolder {
  readonly folder: string;
  /** The address of a Unix socket in the folder, valid in this process until `release()`. */
  socket(name: 'redis.sock' | 'stand-in.sock' | 'lock.sock'): string;
  readonly release: () => void;
}

/** macOS takes 103 bytes, Linux 107. */
const longestAddress = 103;

/** Opens `DATA_DIR/redis`, made if it is missing. Throws `wrong_setting` when it cannot be used. */
export function openSocketFolder(dataDir: string): SocketFolder {
  const folder = path.resolve(dataDir, 'redis');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch (cause) {
    throw new AppError(
      'wrong_setting',
      `DATA_DIR cannot be used: ${folder} cannot be made private to this user (${failureReason(cause)})`,
      { cause },
    );
  }
  if (Buffer.byteLength(path.join(folder, 'stand-in.sock')) <= longestAddress) {
    return { folder, socket: (name) => path.join(folder, name), release: () => undefined };
  }
  return throughDescriptor(folder);
}

/**
 * A path too long for a socket's address is reached through an open descriptor. A short folder elsewhere would have
 * to be the same one for every process, and two that disagree would each start a server on the same data.
 */
function throughDescriptor(folder: string): SocketFolder {
  if (process.platform !== 'linux') {
    throw new AppError(
      'wrong_setting',
      `DATA_DIR is too long a path for a Unix socket: ${folder}; set DATA_DIR to a shorter one`,
    );
  }
  const descriptor = openSync(folder, 'r');
  let isOpen = true;
  return {
    folder,
    socket: (name) => `/proc/self/fd/${descriptor}/${name}`,
    release: () => {
      // The number may be another file's by the time of a second call.
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}
