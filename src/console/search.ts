import { z } from 'zod';

/** What a list was asked for, and which page of it. */
export interface Search {
  readonly query: string;
  /** From 1; one past the last page means the last. */
  readonly page: number;
}

/** An address that was tampered with shows the list as if it had not been. */
const search = z
  .object({
    q: z.string().trim().max(200).catch(''),
    page: z.coerce.number().int().min(1).catch(1),
  })
  .transform(({ q, page }) => ({ query: q, page }));

/** Reads what a list was asked for from a query. */
export function readSearch(query: unknown): Search {
  return search.parse(query);
}
