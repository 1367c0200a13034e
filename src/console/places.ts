/** A store's page. */
export function storePath(consumerKey: string): string {
  return `/console/stores/${encodeURIComponent(consumerKey)}`;
}
