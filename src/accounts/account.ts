import { z } from 'zod';

export const roles = ['merchant', 'operator'] as const;

/** A merchant may sign in in the popup; an operator there and in the console. */
export type Role = (typeof roles)[number];

/** A name a person signs in with, often an email address; capitals do not tell two names apart. */
export const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._@+-]{0,127}$/,
    'must be 1 to 128 of the characters a-z 0-9 . _ @ + - and start with a letter or digit',
  );

/** What is wrong with a new password, if anything. */
export type PasswordProblem = 'tooShort' | 'tooLong';

/** Eight characters at least (OWASP ASVS 5.0, 6.2.1); no rule about kinds, and a bound on what is hashed. */
export function newPasswordProblem(text: string): PasswordProblem | undefined {
  if (text.length < 8) return 'tooShort';
  return Buffer.byteLength(text) > 1024 ? 'tooLong' : undefined;
}

/** The same, for programs. */
export const newPassword = z
  .string()
  .refine((text) => newPasswordProblem(text) !== 'tooShort', 'must be 8 characters or more')
  .refine((text) => newPasswordProblem(text) !== 'tooLong', 'must be 1,024 bytes or less');

/** A person as it is kept, a Redis hash of strings. */
export const accountRecord = z.object({
  name: z.string(),
  role: z.enum(roles),
  disabled: z.enum(['yes', 'no']).transform((word) => word === 'yes'),
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  passwordHash: z.string(),
  /** Another one whenever all sign-ins are ended: one of an era before no longer counts. */
  era: z.string().default(''),
});

export type Account = Omit<z.infer<typeof accountRecord>, 'passwordHash'>;

/** Whether what was proven in an era still counts: the account is there, not disabled, and has the same era. */
export function isStill(account: Account | undefined, era: string): account is Account {
  return account !== undefined && !account.disabled && account.era === era;
}
