import type { OwnErrorCode } from '../errors.js';
import { activateAgain, type Answer } from './answer.js';

/** Answers to what goes wrong between the app and its callers. 409: the activation's state; 503: our storage. */
export const ownAnswers: Record<OwnErrorCode, Answer> = {
  bad_request: {
    status: 400,
    text: 'The request could not be read.',
    next: 'Go back and try again.',
  },
  wrong_host: {
    status: 421,
    text: 'This app does not go by the name it was called by.',
    next: 'Open it at the address that whoever runs it has given you.',
  },
  not_https: {
    status: 403,
    text: 'This arrived over http, where anybody on the way can read it.',
    next: 'Use the address that begins with https://.',
  },
  not_found: {
    status: 404,
    text: 'There is no page at this address.',
    next: 'Check the address.',
  },
  method_not_allowed: {
    status: 405,
    text: 'This address does not take this kind of request.',
    next: 'Check the address.',
  },
  too_large: {
    status: 413,
    text: 'The request is larger than this address takes.',
    next: 'Go back and try again.',
  },
  too_many_requests: {
    status: 429,
    text: 'Too many visits came from your network.',
    next: 'Wait five minutes, then try again.',
  },
  not_form_encoded: {
    status: 415,
    text: 'The request is not application/x-www-form-urlencoded.',
    next: 'Send the fields as a form.',
  },
  foreign_form: {
    status: 403,
    text: "This form was sent from another site's page, so your browser says.",
    next: 'Open the page here anew and send it from there.',
  },
  form_expired: {
    status: 403,
    text: 'This form is no longer valid, or your browser did not send its cookie.',
    next: `Close this window. ${activateAgain}`,
  },
  page_expired: {
    status: 403,
    text: 'This page was open for too long, or your browser does not keep cookies.',
    next: 'Go back, load the page anew and try again.',
  },
  wrong_password: {
    status: 401,
    text: 'The username or the password is not right.',
    next: 'Check both and try again.',
  },
  sign_ins_busy: {
    status: 429,
    text: 'Too many people are signing in at this moment, so your password was not looked at.',
    next: 'Wait ten seconds, then sign in again.',
    canRetry: true,
  },
  wrong_code: {
    status: 401,
    text: 'That code is not right, or it was used before.',
    next: 'Type the next code that your app shows, or a recovery code.',
  },
  too_many_codes: {
    status: 429,
    text: 'There were too many wrong codes.',
    next: 'Wait 15 minutes and try again.',
  },
  sign_in_required: {
    status: 401,
    text: 'You are not signed in.',
    next: 'Sign in and try again.',
    canRetry: true,
  },
  operator_required: {
    status: 403,
    text: 'Your account may not use the console.',
    next: 'Sign in with an operator account.',
  },
  wrong_setting: {
    status: 500,
    text: 'The app is not set up correctly.',
    next: 'Tell whoever runs it.',
  },
  redis_unavailable: {
    status: 503,
    text: 'Our storage cannot be reached at the moment.',
    next: 'Wait a minute and try again.',
    canRetry: true,
  },
  stopping: {
    status: 503,
    text: 'This app is being restarted.',
    next: 'Wait a minute, then sign in here again.',
    canRetry: true,
  },
  sealed_unreadable: {
    status: 500,
    text: 'A stored secret cannot be opened with the keys this app was given.',
    next: 'Tell whoever runs this app: its ENCRYPTION_KEYS may lack a key.',
  },
  invalid_activation: {
    status: 400,
    text: 'The activation has a missing, repeated or malformed field.',
    next: 'Send the four fields as Magento does.',
  },
  store_not_allowed: {
    status: 403,
    text: 'This app does not accept stores at that address.',
    next: "Check the store's Base URL in Magento, or ask whoever runs this app.",
  },
  too_many_pending: {
    status: 429,
    text: 'Too many activations are waiting for a sign-in.',
    next: 'Wait a few minutes and activate again.',
  },
  opened_without_parameters: {
    status: 400,
    text: 'This page is meant to be opened by Magento, and it was opened without what Magento sends along.',
    next: 'In Magento, go to System > Extensions > Integrations, enter this address as Identity link URL without ? or #, and click Save and Activate.',
  },
  magento_too_old: {
    status: 400,
    text: 'Magento 2.0 sends a consumer_id, which cannot be matched to an activation.',
    next: 'Update Magento to 2.3.3 or newer and click Activate again.',
  },
  activation_unknown: {
    status: 404,
    text: 'We have not received this activation from your store.',
    next: `Close this window. ${activateAgain}`,
  },
  activation_expired: {
    status: 410,
    text: 'This activation has expired: its five minutes are over.',
    next: `Close this window. ${activateAgain}`,
  },
  callback_refused: {
    status: 400,
    text: 'The return address that came along is not one of a Magento admin.',
    next: `Close this window. ${activateAgain}`,
  },
  store_ambiguous: {
    status: 409,
    text: 'More than one store address was announced for this integration, and none is the one this window came from.',
    next: `Close this window. ${activateAgain}`,
  },
  exchange_under_way: {
    status: 409,
    text: 'This store is being connected at this moment.',
    next: 'Please wait a moment, then sign in here again.',
    canRetry: true,
  },
  token_kept: {
    status: 503,
    text: "The store's answer is safe with us, but our storage cannot take it at the moment.",
    next: 'Wait a minute, then sign in here again; there is nothing to click in Magento.',
    canRetry: true,
  },
  account_not_allowed: {
    status: 409,
    text: 'This integration belongs to another account.',
    next: 'Sign in with the account that signed in for it first, or create a new integration in Magento.',
    canRetry: true,
  },
  disconnected: {
    status: 409,
    text: 'This store was disconnected here.',
    next: 'To connect it again, go to System > Extensions > Integrations in Magento and click Reauthorize.',
  },
};
