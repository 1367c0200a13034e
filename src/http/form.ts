import { urlencoded, type RequestHandler } from 'express';
import { AppError } from '../errors.js';

/** Reads a small urlencoded form into `req.body`; two fields of one name become an array. */
export function form({ limit = '8kb' }: { readonly limit?: string } = {}): RequestHandler {
  return urlencoded({ extended: false, limit, parameterLimit: 64, inflate: false });
}

/** Refuses what is not urlencoded before anything reads its body. */
export const formOnly: RequestHandler = (req, _res, next) => {
  if (!req.is('application/x-www-form-urlencoded')) {
    throw new AppError('not_form_encoded', 'the body is not application/x-www-form-urlencoded');
  }
  next();
};
