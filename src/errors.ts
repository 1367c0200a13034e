/** Every failure this app can name. `http/answers.ts` must give each one a status and a text. */
export type ErrorCode = 'bad_request' | 'not_found' | 'redis_unavailable' | 'wrong_setting';

/** A failure with a name. The message is for operators; what a visitor reads is chosen by `code`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
