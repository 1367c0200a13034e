/** A store's page. */
export function storePath(consumerKey: string): string {
  return `/console/stores/${encodeURIComponent(consumerKey)}`;
}

/** The page of the attempt, or the attempts, with a support code. */
export function attemptPath(code: string): string {
  return `/console/attempts/${encodeURIComponent(code)}`;
}
