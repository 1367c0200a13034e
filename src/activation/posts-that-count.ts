/** A POST, or what was bought with one: absent `account` means the common address. */
interface Received {
  /** Whose own address it was sent to. */
  readonly account?: string | undefined;
}

/** Who asks which POSTs count. */
export interface Asking {
  /** The account at whose own address the popup was opened; absent: at the common one. */
  readonly invited: string | undefined;
  /** The connected store that the consumer key belongs to, if any. */
  readonly credential: { readonly account: string } | undefined;
}

/**
 * Those of an integration's POSTs that a sign-in may stand on, in the order given: in a popup at an account's own address
 * that account's own, and where there is none those at the common address; in any other popup only the latter. What was
 * sent to one account's address is nothing to anybody else, neither to use nor to see. Once a store is connected, its
 * account's own count in every popup: there the proven secret tells a genuine POST, and nobody but that account signs in.
 */
export function postsThatCount<Post extends Received>(
  { invited, credential }: Asking,
  posts: readonly Post[],
): Post[] {
  const common = posts.filter(({ account }) => account === undefined);
  if (credential) {
    return posts.filter((post) => post.account === credential.account || common.includes(post));
  }
  const own = posts.filter(({ account }) => account !== undefined && account === invited);
  return own.length > 0 ? own : common;
}
