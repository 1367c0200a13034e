import type { Response } from 'express';
import { speechOf } from '../../language/speech.js';
import type { Translate } from '../../language/translate.js';
import { supportCode } from '../../timeline/support-code.js';
import { progressPath } from '../popup-paths.js';
import type { OpenPopup, Waiting } from '../popup.js';
import { steps, type Stage } from './stage.js';

/** What the progress page places, in finished words. */
export interface ProgressView {
  readonly storeHost: string;
  readonly steps: readonly StepView[];
  /** Whether this is a colleague's window, and another returns to Magento. */
  readonly isHandedOver: boolean;
  readonly returnHost: string;
  /** After how many seconds, and where, the page looks again. */
  readonly refresh: string;
  readonly supportCode: string;
}

interface StepView {
  readonly text: string;
  readonly state: 'done' | 'now' | 'later';
  readonly word: string;
}

/** Answers with the page that shows how far an exchange is. */
export function showProgress(
  res: Response,
  popup: OpenPopup,
  waiting: Waiting,
  stage: Exclude<Stage, 'over'>,
): void {
  res.render('progress', progressView(speechOf(res).t, popup, waiting, stage));
}

/** The progress page of one popup. One that nobody goes on with yet is at its first step. */
function progressView(
  t: Translate,
  popup: OpenPopup,
  { storeOrigin }: Waiting,
  stage: Exclude<Stage, 'over'>,
): ProgressView {
  const { id, consumerKey, callbackOrigin } = popup;
  const at = stage === 'stuck' ? 0 : steps.indexOf(stage);
  return {
    storeHost: new URL(storeOrigin).host,
    steps: steps.map((step, place) => {
      const state = place < at ? 'done' : place === at ? 'now' : 'later';
      return { text: t(`popup.progress.${step}`), state, word: t(`popup.progress.${state}`) };
    }),
    isHandedOver: 'handedOver' in popup,
    returnHost: new URL(callbackOrigin).host,
    refresh: `2;url=${progressPath(id)}`,
    supportCode: supportCode(consumerKey),
  };
}
