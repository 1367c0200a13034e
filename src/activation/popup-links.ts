import { handOverPath } from './hand-over/hand-over-path.js';

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
    help: `/login/help?popup=${popupId}`,
    notYours: `/login/not-yours?popup=${popupId}`,
    someoneElse: `/login?popup=${popupId}&someone=else`,
    handOver: handOverPath(popupId),
  };
}
