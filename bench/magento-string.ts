import { randomBytes } from 'node:crypto';

const ofThisProcess = randomBytes(8).toString('hex');
let made = 0;

/** 32 characters as Magento makes them, never the same twice; cheap, so that a load costs little to make. */
export function magentoString(): string {
  made += 1;
  return ofThisProcess + made.toString(16).padStart(16, '0');
}
