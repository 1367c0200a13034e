import { randomBytes } from 'node:crypto';

const ivBytes = 12;

/** Drawn from the system by the thousand: a draw costs almost as much as the sealing it is for. */
let drawn = Buffer.alloc(0);

/** A random 96-bit IV. None is given out twice. */
export function freshIv(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(ivBytes * 1000);
  const iv = drawn.subarray(0, ivBytes);
  drawn = drawn.subarray(ivBytes);
  return iv;
}
