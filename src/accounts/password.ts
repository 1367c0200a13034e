import { hash, verify } from '@node-rs/argon2';

/** argon2id with the least cost OWASP's Password Storage Cheat Sheet accepts: about 8 ms. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The longest password that is hashed at all, in bytes: hashing costs time in proportion. */
const longestPassword = 1024;

/** A password as a PHC string (`$argon2id$…`), salted. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Whether a PHC string costs less to guess at than what is hashed today. */
export function isOutdated(passwordHash: string): boolean {
  const [, memory, time] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(passwordHash) ?? [];
  return !(Number(memory) >= cost.memoryCost && Number(time) >= cost.timeCost);
}

/** Compares a password with a PHC string. Too long a one is wrong without being hashed. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > longestPassword) return false;
  return verify(passwordHash, password);
}
