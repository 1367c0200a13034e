import { momentOf, type Moment } from '../language/moment.js';
import type { Speech } from '../language/speech.js';
import { fewCodes } from '../second-factor/recovery-codes.js';
import type { SecondFactor } from '../second-factor/second-factor.js';
import { enrolmentAddress } from '../second-factor/time-code.js';
import type { Problem } from '../sign-in/sign-in-view.js';
import type { FrameView } from './frame-view.js';
import { qrCode, type QrCode } from './qr-code.js';

/** What the page places while no second factor is on: what to give to the authenticator app. */
export interface EnrolmentView {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  readonly qr: QrCode;
  /** In groups of four, for whoever types it. */
  readonly secret: string;
}

export function enrolmentView(facts: {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  readonly secret: string;
  readonly publicUrl: string;
}): EnrolmentView {
  const { frame, problem, secret, publicUrl } = facts;
  return {
    frame,
    problem,
    qr: qrCode(enrolmentAddress(secret, frame.account, new URL(publicUrl).hostname)),
    secret: secret.replace(/.{4}(?=.)/g, '$& '),
  };
}

/** What the page places while one is on. */
export interface SecondFactorView {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  readonly turnedOn: Moment;
  readonly codesLeft: number;
  /** Whether it is time to make new ones. */
  readonly hasFewCodes: boolean;
}

export function secondFactorView(
  speech: Speech,
  facts: {
    readonly frame: FrameView;
    readonly problem: Problem | undefined;
    readonly secondFactor: SecondFactor;
    readonly now: Date;
  },
): SecondFactorView {
  const { frame, problem, secondFactor, now } = facts;
  const codesLeft = secondFactor.recoveryCodes.length;
  return {
    frame,
    problem,
    turnedOn: momentOf(secondFactor.turnedOnAt, now, speech),
    codesLeft,
    hasFewCodes: codesLeft <= fewCodes,
  };
}
