import { z } from 'zod';

const codeForm = z.object({ code: z.string().max(64) });

/** The code that a form brought; empty, which is never right, where it brought none. */
export function typedCode(body: unknown): string {
  return codeForm.safeParse(body).data?.code ?? '';
}
