import type { SecondFactor } from '../second-factor/second-factor.js';
import { enrolmentAddress } from '../second-factor/time-code.js';
import type { FrameView } from './frame-view.js';
import { momentOf, type Moment } from './moment.js';
import { qrCode, type QrCode } from './qr-code.js';
import { codesLeftText, fewCodes } from './recovery-codes-left.js';
import type { Problem } from '../sign-in/sign-in-view.js';

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
    qr: qrCode(enrolmentAddress(secret, frame.operator, new URL(publicUrl).hostname)),
    secret: secret.replace(/.{4}(?=.)/g, '$& '),
  };
}

/** What the page places while one is on. */
export interface SecondFactorView {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  readonly turnedOn: Moment;
  readonly codesLeft: string;
  readonly hasFewCodes: boolean;
}

export function secondFactorView(facts: {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  readonly secondFactor: SecondFactor;
  readonly now: Date;
}): SecondFactorView {
  const { frame, problem, secondFactor, now } = facts;
  const left = secondFactor.recoveryCodes.length;
  return {
    frame,
    problem,
    turnedOn: momentOf(secondFactor.turnedOnAt, now),
    codesLeft: codesLeftText(left),
    hasFewCodes: left <= fewCodes,
  };
}
