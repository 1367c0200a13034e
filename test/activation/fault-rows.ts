import type { State } from '../../src/activation/activation.js';
import type { ErrorCode } from '../../src/errors.js';
import type { ConnectionCheck } from '../../src/magento/check-connection.js';

/** What the merchant does next, and the words of the page that say so. */
export const ways = {
  'sign in': /(?:sign in here|try) again/i,
  'wait, sign in': /Wait one minute\..* sign in here again/,
  Activate: /click Activate/i,
  Reauthorize: /click (?:Activate \(or )?Reauthorize/,
  'wait, Reauthorize': /Wait one minute\..* click Reauthorize/,
  recreate: /delete the integration and create it again|Create the integration again/,
} as const;
export type Way = keyof typeof ways;

/** A page that tells a failure, the state that the activation is left in, and the way on that the page names. */
export type Step = readonly [told: `${number} ${ErrorCode}`, state: State, way: Way];

/** What is different in a row. */
export interface Circumstances {
  /** Seconds between the activation POST and the sign-in. */
  readonly late?: number;
  readonly resources?: readonly string[];
  /** The fault is still there when the merchant goes on. */
  readonly lasts?: true;
}

/**
 * Faults, spelled as on the command line, that end a sign-in without a connection. The first of them is the one that
 * the row is about; `http://store/` is the store itself. They are over when the merchant goes on,
 * if nothing else is said.
 */
export type Failing = readonly [
  faults: string | readonly string[],
  calls: readonly string[],
  steps: readonly Step[],
  circumstances?: Circumstances,
];

/** Faults that do not keep a sign-in from its end, and what the first call with the credential shows. */
export type Passing = readonly [
  faults: string | readonly string[],
  check: ConnectionCheck['result'],
  calls: readonly string[],
  circumstances?: Circumstances,
];

const requested = 'request 200';
const granted = 'access 200';
const proved = 'rest 200';
export const allCalls = [requested, granted, proved];
const spent: Step = ['409 verifier_spent', 'needs-recreate', 'recreate'];
const lost: Step = ['409 already_granted', 'needs-reauthorize', 'Reauthorize'];
const elsewhere = 'location=https://www.shop.example/';

export const failing: readonly Failing[] = [
  // The request token was not handed out: the verifier is as good as before.
  ['drop-before@request', ['request unanswered'], [['502 store_no_reply', 'failed', 'sign in']]],
  ['reset@request', ['request unanswered'], [['502 store_no_reply', 'failed', 'sign in']]],
  ['status-500@request', ['request 500'], [['502 store_failed', 'failed', 'Activate']]],
  ['empty-500@request', ['request 500'], [['502 store_failed', 'failed', 'Activate']]],
  ['html-200@request', [requested], [['502 store_reply_unreadable', 'failed', 'Activate']]],
  ['waf-403@request', ['request 403'], [['502 store_blocks_us', 'failed', 'Activate']]],
  ['status-503@request', ['request 503'], [['502 store_unavailable', 'failed', 'sign in']]],
  [
    `redirect@request,${elsewhere}`,
    ['request 302'],
    [['502 store_redirects', 'failed', 'Activate']],
  ],
  [
    'strip-authorization@request',
    ['request 400'],
    [['502 authorization_header_stripped', 'failed', 'Activate']],
  ],
  [
    'basic-auth@request,login=staging:secret',
    ['request 401'],
    [['502 store_blocks_us', 'failed', 'Activate']],
  ],
  ['garbage@request', [requested], [['502 store_reply_unreadable', 'failed', 'Activate']]],
  ['oversized@request', [requested], [['502 store_reply_too_large', 'failed', 'Activate']]],
  [
    'problem@request,status=401,text=A token with consumer ID 7 does not exist',
    ['request 401'],
    [['409 verifier_missing', 'failed', 'Activate']],
  ],
  [
    'translated@request',
    ['request 401'],
    [['502 oauth_problem_unknown', 'failed', 'Activate']],
    { late: 301, lasts: true },
  ],

  // The request token was handed out and is lost: the verifier is spent.
  [
    'slow@request,ms=2000',
    ['request unanswered'],
    [['502 store_timeout', 'failed', 'sign in'], spent],
  ],
  [
    'drop-after@request',
    ['request unanswered'],
    [['502 store_no_reply', 'failed', 'sign in'], spent],
  ],
  [
    ['drop-after@request,times=1', 'translated@request'],
    ['request unanswered'],
    [
      ['502 store_no_reply', 'failed', 'sign in'],
      ['502 oauth_problem_unknown', 'failed', 'Activate'],
      ['502 oauth_problem_unknown', 'failed', 'recreate'],
    ],
    { lasts: true },
  ],
  [
    'half-closed@request',
    ['request unanswered'],
    [['502 store_no_reply', 'failed', 'sign in'], spent],
  ],
  ['cut@request', [requested], [['502 store_reply_cut', 'failed', 'sign in'], spent]],
  ['drip@request,ms=100', [requested], [['502 store_reply_cut', 'failed', 'sign in'], spent]],
  [
    'compressed@request',
    [requested],
    [['502 store_reply_unreadable', 'failed', 'Activate'], spent],
  ],
  [
    'granted-twice@request',
    [requested, 'access 401'],
    [['409 already_granted', 'needs-reauthorize', 'Activate'], spent],
  ],

  // The access token was not handed out: the request token is kept, and as good as before.
  [
    'drop-before@access',
    [requested, 'access unanswered'],
    [['502 grant_lost', 'accessing', 'wait, sign in']],
  ],
  [
    'reset@access',
    [requested, 'access unanswered'],
    [['502 grant_lost', 'accessing', 'wait, sign in']],
  ],
  [
    'status-500@access',
    [requested, 'access 500'],
    [['502 store_failed', 'authorized', 'Activate']],
  ],
  ['empty-500@access', [requested, 'access 500'], [['502 store_failed', 'authorized', 'Activate']]],
  [
    'html-200@access',
    [requested, granted],
    [['502 store_reply_unreadable', 'authorized', 'Activate']],
  ],
  [
    'waf-403@access',
    [requested, 'access 403'],
    [['502 store_blocks_us', 'authorized', 'Activate']],
  ],
  [
    'status-503@access',
    [requested, 'access 503'],
    [['502 store_unavailable', 'authorized', 'sign in']],
  ],
  [
    `redirect@access,${elsewhere}`,
    [requested, 'access 302'],
    [['502 store_redirects', 'authorized', 'Activate']],
  ],
  [
    'strip-authorization@access',
    [requested, 'access 400'],
    [['502 authorization_header_stripped', 'authorized', 'Activate']],
  ],
  [
    'basic-auth@access,login=staging:secret',
    [requested, 'access 401'],
    [['502 store_blocks_us', 'authorized', 'Activate']],
  ],
  [
    'garbage@access',
    [requested, granted],
    [['502 store_reply_unreadable', 'authorized', 'Activate']],
  ],
  [
    'oversized@access',
    [requested, granted],
    [['502 store_reply_too_large', 'authorized', 'Activate']],
  ],
  [
    'problem@access,status=401,text=The signature is invalid. Verify and try again.',
    [requested, 'access 401'],
    [['502 signature_refused', 'authorized', 'Activate']],
  ],
  [
    ['translated@access', 'granted-twice@request,times=1'],
    [requested, 'access 401'],
    [
      ['502 oauth_problem_unknown', 'authorized', 'Activate'],
      // What was refused in words that are not known may be good for something yet.
      ['409 verifier_spent', 'authorized', 'recreate'],
    ],
    { lasts: true },
  ],

  // The access token was handed out and is lost: only another one helps.
  [
    'slow@access,ms=2000',
    [requested, 'access unanswered'],
    [['502 grant_lost', 'accessing', 'wait, Reauthorize']],
  ],
  [
    'drop-after@access',
    [requested, 'access unanswered'],
    [['502 grant_lost', 'accessing', 'wait, Reauthorize']],
  ],
  [
    'half-closed@access',
    [requested, 'access unanswered'],
    [['502 grant_lost', 'accessing', 'wait, Reauthorize']],
  ],
  ['cut@access', [requested, granted], [['502 store_reply_cut', 'authorized', 'sign in'], lost]],
  [
    'drip@access,ms=100',
    [requested, granted],
    [['502 store_reply_cut', 'authorized', 'sign in'], lost],
  ],
  [
    'compressed@access',
    [requested, granted],
    [['502 store_reply_unreadable', 'authorized', 'Reauthorize']],
  ],
  [
    'granted-twice@access',
    [requested, granted, 'rest 401'],
    [['502 credential_refused', 'needs-reauthorize', 'Reauthorize']],
  ],

  // The store refuses its own token.
  [
    'token-gone@rest',
    [requested, granted, 'rest 401'],
    [['502 credential_refused', 'needs-reauthorize', 'Reauthorize']],
  ],
  [
    'token-revoked@rest',
    [requested, granted, 'rest 401'],
    [['502 credential_refused', 'needs-reauthorize', 'Reauthorize']],
  ],
  [
    ['translated@rest', 'granted-twice@access,times=1'],
    [requested, granted, 'rest 401'],
    [['502 credential_refused', 'needs-reauthorize', 'Reauthorize']],
    { lasts: true },
  ],

  // The POST names an address at which there is nothing of Magento's.
  [
    'wrong-base-url@post,url=http://store/old/',
    [],
    [['502 store_not_found', 'failed', 'Activate']],
  ],
];

export const passing: readonly Passing[] = [
  ['slow@post,ms=50', 'connected', allCalls],
  ['clock-skew@request,seconds=-3600', 'connected', ['request 401', ...allCalls]],
  ['clock-skew@access,seconds=-3600', 'connected', [requested, 'access 401', granted, proved]],
  ['clock-skew@rest,seconds=-3600', 'connected', [requested, granted, 'rest 401', proved]],

  // A store that cannot be asked just then proves nothing against its token.
  ['slow@rest,ms=2000', 'unreachable', [requested, granted, 'rest unanswered']],
  ['drop-before@rest', 'unreachable', [requested, granted, 'rest unanswered']],
  ['drop-after@rest', 'unreachable', [requested, granted, 'rest unanswered']],
  ['reset@rest', 'unreachable', [requested, granted, 'rest unanswered']],
  ['half-closed@rest', 'unreachable', [requested, granted, 'rest unanswered']],
  ['cut@rest', 'unreachable', allCalls],
  ['drip@rest,ms=100', 'unreachable', allCalls],
  ['status-500@rest', 'unreachable', [requested, granted, 'rest 500']],
  ['empty-500@rest', 'unreachable', [requested, granted, 'rest 500']],
  ['html-200@rest', 'unreachable', allCalls],
  ['waf-403@rest', 'unreachable', [requested, granted, 'rest 403']],
  ['status-503@rest', 'unreachable', [requested, granted, 'rest 503']],
  [`redirect@rest,${elsewhere}`, 'unreachable', [requested, granted, 'rest 302']],
  ['basic-auth@rest,login=staging:secret', 'unreachable', [requested, granted, 'rest 401']],
  ['garbage@rest', 'unreachable', allCalls],
  ['oversized@rest', 'unreachable', allCalls],
  ['compressed@rest', 'unreachable', allCalls],
  [
    'problem@rest,status=401,text=The nonce is already being used by the consumer with ID 7',
    'undecided',
    [requested, granted, 'rest 401'],
  ],

  // Permission is looked at once the signature has been found good, in whatever language.
  ['no-permission@rest', 'connected_without_permission', [requested, granted, 'rest 401']],
  [
    'translated@rest',
    'connected_without_permission',
    [requested, granted, 'rest 401'],
    { resources: ['Magento_Catalog::products'] },
  ],
  // A guest reads the same, so that this one looks like them; the app cannot tell.
  ['strip-authorization@rest', 'connected_without_permission', [requested, granted, 'rest 401']],
];

/** Faults of the POST after which Magento opens no popup, and what the app has heard of it. */
export const withoutPopup: readonly (readonly [fault: string, state: State | undefined])[] = [
  ['drop-before@post', undefined],
  ['drop-after@post', 'received'],
];
