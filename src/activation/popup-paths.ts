/** Where a popup's form is, without anything that was sent along when it was opened. */
export function loginPath(popupId: string): string {
  return pathOf('/login', popupId);
}

/** Where the sign-in of one popup is handed over to a colleague. */
export function handOverPath(popupId: string): string {
  return pathOf('/login/hand-over', popupId);
}

/** Where the progress of one popup's exchange is shown. */
export function progressPath(popupId: string): string {
  return pathOf('/login/progress', popupId);
}

/** The popup's own pages beside its form, as links. */
export interface PopupLinks {
  readonly help: string;
  readonly notYours: string;
  readonly someoneElse: string;
  readonly handOver: string;
}

/** Where the other pages of one popup are. */
export function popupLinks(popupId: string): PopupLinks {
  return {
    help: pathOf('/login/help', popupId),
    notYours: pathOf('/login/not-yours', popupId),
    someoneElse: `${loginPath(popupId)}&someone=else`,
    handOver: handOverPath(popupId),
  };
}

function pathOf(page: string, popupId: string): string {
  return `${page}?popup=${popupId}`;
}
