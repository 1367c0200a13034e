/** Where the sign-in of one popup is handed over to a colleague. */
export function handOverPath(popupId: string): string {
  return `/login/hand-over?popup=${popupId}`;
}
