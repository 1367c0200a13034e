import { z } from 'zod';
import { type Account, type People, signInProblem } from './people.js';
import type { Session } from './sessions.js';

/** Magento's field names, on the storefront and in the admin alike. */
const signInForm = z.object({
  form_key: z.string().default(''),
  'login[username]': z.string().default(''),
  'login[password]': z.string().default(''),
});

/** A form that was sent, judged. */
export type SignIn =
  { readonly account: Account } | { readonly problem: string; readonly username: string };

/** Reads a posted sign-in form and looks for its account. The form key shows that the form was this store's own. */
export function signInBy(
  people: People,
  kind: Account['kind'],
  session: Session | undefined,
  body: unknown,
): SignIn {
  const form = signInForm.safeParse(body).data;
  const username = form?.['login[username]'] ?? '';
  if (!form || form.form_key !== session?.formKey) {
    return { problem: 'Invalid Form Key. Please refresh the page.', username };
  }
  const account = people.find(kind, username, form['login[password]']);
  return account ? { account } : { problem: signInProblem, username };
}
