import type { Response } from 'express';
import { AppError, type ErrorCode } from '../errors.js';

/** What has been counted under a key, and in how many milliseconds that is forgotten. */
export interface Count {
  readonly count: number;
  readonly resetMs: number;
}

/** Counts by key in windows that all processes share. */
export interface Counter {
  add(this: void, key: string, points: number): Promise<Count>;
}

/** @throws AppError of this code, once the answer says when to come again, if that was one too many. */
export function refuseBeyond(
  most: number,
  { count, resetMs }: Count,
  res: Response,
  code: ErrorCode,
): void {
  if (count <= most) return;
  res.set('Retry-After', String(Math.max(1, Math.ceil(resetMs / 1000))));
  throw new AppError(code, `more than ${most} in one window`);
}
