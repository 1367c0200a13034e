import { writeFileSync } from 'node:fs';

/**
 * What is in memory stays there: keys, and for moments what they open. A signal from the same user would open Node's
 * inspector unless the program takes SIGUSR1 for itself (`--disable-sigusr1` is unknown to Node 20), and a core dump
 * would hold all of it: on Linux one of this process, or of a Redis that it starts, has no page of memory in it.
 */
export function keepMemoryPrivate(): void {
  process.on('SIGUSR1', () => undefined);
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Other systems have no such file.
  }
}
