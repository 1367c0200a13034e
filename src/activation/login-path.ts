/** Where a popup's form is, without anything that was sent along when it was opened. */
export function loginPath(popupId: string): string {
  return `/login?popup=${popupId}`;
}
