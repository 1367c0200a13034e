/** A store's page. */
export function storePath(consumerKey: string): string {
  return `/console/stores/${encodeURIComponent(consumerKey)}`;
}

/** The page of the attempt, or the attempts, with a support code. */
export function attemptPath(code: string): string {
  return `/console/attempts/${encodeURIComponent(code)}`;
}

/** The page of an account. */
export function personPath(name: string): string {
  return `/console/people/accounts/${encodeURIComponent(name)}`;
}

/** The page of an invitation. */
export function invitationPath(token: string): string {
  return `/console/people/invitations/${encodeURIComponent(token)}`;
}
