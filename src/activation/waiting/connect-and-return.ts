import type { Request, Response } from 'express';
import { answerFor } from '../../http/answer-for.js';
import { supportCode } from '../../timeline/support-code.js';
import { completeActivation, type CompletionDeps } from '../exchange/complete-activation.js';
import { situationOf, type Situation } from '../exchange/situation.js';
import { notePopup, subjectOf, type OpenPopup, type Waiting } from '../popup.js';
import { returnsElsewhere } from '../return-question.js';
import { isOverIn } from './is-over-in.js';
import { noteConnected, type NoteConnectedDeps } from './note-connected.js';
import { showProgress } from './progress-view.js';
import { showEnd, type SendBackDeps } from './send-back.js';
import { stageOf, type Stage } from './stage.js';

/** So long a browser waits for a store without a word of ours. */
export const progressAfterMs = 3_000;

export interface ConnectDeps extends CompletionDeps, NoteConnectedDeps, SendBackDeps {
  /** Origins of admins that nobody has to be asked about. */
  readonly returnOrigins: readonly string[];
  /** Takes note of an exchange, which goes on when its browser has left: a stop waits for it. */
  readonly underWay: <Result>(work: Promise<Result>) => Promise<Result>;
  /** A browser that would wait longer for its exchange is shown how far that is. */
  readonly progressAfterMs: number;
}

/**
 * Has the store connected whose origin `situation` wants, and sends the browser back to Magento. Where that takes long
 * the answer is the progress page, which comes to the same end.
 *
 * @throws AppError whose code says why the store is not connected.
 */
export async function connectAndReturn(
  deps: ConnectDeps,
  req: Request,
  res: Response,
  popup: OpenPopup,
  account: string,
  situation: Situation,
): Promise<void> {
  const { wantedOrigin } = situation;
  const isReturnAgreed = returnsElsewhere(deps, situation, popup, wantedOrigin);
  const waiting = { account, storeOrigin: wantedOrigin, isReturnAgreed };
  const connecting = deps.underWay(connect(deps, popup, waiting, situation));
  const stage = (await isOverIn(deps.progressAfterMs, connecting))
    ? 'over'
    : await noteWaiting(deps, req, popup, waiting);
  if (stage === 'over') {
    await connecting;
    showEnd(deps, res, popup, waiting);
    return;
  }
  // Whoever waits reads this from the record, if the record has it.
  connecting.catch((err: unknown) => {
    const { code } = answerFor(err);
    const activation = supportCode(popup.consumerKey);
    deps.log.warn({ event: 'exchange_ended_late', activation, code, err });
  });
  showProgress(res, popup, waiting, stage);
}

/**
 * Binds the wait to the popup. Answers where the exchange stands; where the records do not tell, or tell of an end that
 * the exchange itself is about to tell, that it may as well be waited for.
 */
async function noteWaiting(
  deps: ConnectDeps,
  req: Request,
  popup: OpenPopup,
  waiting: Waiting,
): Promise<Stage> {
  try {
    await notePopup(req, popup.id, (bound) => ({ ...bound, waiting }));
    const wanted = { ...subjectOf(popup), wantedOrigin: waiting.storeOrigin };
    return stageOf(await situationOf(deps, wanted));
  } catch {
    return 'over';
  }
}

async function connect(
  deps: ConnectDeps,
  popup: OpenPopup,
  waiting: Waiting,
  situation: Situation,
): Promise<void> {
  const { consumerKey } = popup;
  const { account, storeOrigin: wantedOrigin } = waiting;
  const { invited } = situation;
  await completeActivation(deps, { consumerKey, account, wantedOrigin, invited }, situation);
  await noteConnected(deps, popup, waiting);
}
