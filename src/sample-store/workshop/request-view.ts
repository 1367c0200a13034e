import { fromBinary } from '../php-strings.js';
import { comparedParts, marked } from './doctor/differences.js';
import { diagnose, type Diagnosis } from './doctor/diagnose.js';
import { observationsOf } from './doctor/observations.js';
import { headerPairs } from './doctor/pairs.js';
import { givenSignature, rightSigning, signatureOf } from './doctor/signing.js';
import type { Evidence } from './evidence.js';
import type { LoggedRequest } from './request-log.js';

const places = {
  post: 'activation POST',
  request: 'request token',
  access: 'access token',
  rest: 'REST',
} as const;

const verdicts: Readonly<Record<Diagnosis['verdict'], string>> = {
  unsigned: 'There is no signature in the Authorization header.',
  unknown: 'This store does not know the key or the token, and so cannot compute the signature.',
  matches: 'The signature is right.',
  explained: 'The signature is wrong, and this is how it comes about:',
  unexplained:
    'The signature is wrong, and no known mistake gives it. Most likely a secret is another one: of another integration, or from before Reauthorize. Else compare our base string with what your signer makes.',
};

/** One line of the list, and the JSON of it. */
export function requestLine({ number, at, place, method, target, fault, outcome }: LoggedRequest) {
  return {
    number,
    at: at.toISOString(),
    place,
    method,
    target,
    status: outcome?.status ?? null,
    problem: outcome?.problem ?? null,
    fault: fault ?? null,
    underWay: outcome === undefined,
    href: `/_store/requests/${number}`,
  };
}

/** The list page, newest first. */
export function requestListView(requests: readonly LoggedRequest[]) {
  return {
    title: 'Requests',
    rows: requests.map((request) => ({
      ...requestLine(request),
      time: request.at.toISOString().slice(11, 19),
      placeName: places[request.place],
      result: resultOf(request),
    })),
  };
}

/** All that is known of one request. `pasted` is a base string that the reader's own signer has made. */
export function requestView(request: LoggedRequest, pasted: string) {
  const { evidence } = request;
  return {
    ...requestLine(request),
    title: `Request ${request.number}`,
    placeName: places[request.place],
    result: resultOf(request),
    headers: pairsOf(request.rawHeaders),
    authorization: evidence
      ? headerPairs(evidence.request).map(({ name, value }) => ({
          name: fromBinary(name),
          value: fromBinary(value),
        }))
      : [],
    body: fromBinary(request.body),
    reply: request.outcome?.reply ?? '',
    signature: evidence && signatureView(evidence, pasted),
  };
}

function signatureView(evidence: Evidence, pasted: string) {
  const diagnosis = diagnose(evidence);
  const { verdict, ours, findings } = diagnosis;
  const theirs = pasted || diagnosis.theirs;
  const comparable = ours !== undefined && theirs !== undefined;
  return {
    verdict,
    sentence: verdicts[verdict],
    findings,
    observations: observationsOf(evidence),
    pasted,
    pastedSentence: pasted && sentenceOnPasted(evidence, pasted, ours),
    /** PHP itself fails at some requests, and then there is none. */
    ours: ours === undefined ? undefined : marked(ours, theirs ?? ours),
    theirs: comparable ? marked(theirs, ours) : undefined,
    parts: ours === undefined ? [] : comparedParts(ours, theirs ?? ours),
  };
}

function sentenceOnPasted(evidence: Evidence, pasted: string, ours: string | undefined): string {
  const right = rightSigning(evidence);
  if (!right) return 'Without the secrets it can only be compared.';
  const keyIsRight = signatureOf({ ...right, base: pasted }) === givenSignature(evidence);
  if (pasted === ours) {
    return keyIsRight ? 'It is ours.' : 'It is ours: the key, or the hash, must be wrong.';
  }
  return keyIsRight
    ? 'The secrets are right: this string gives the signature that was sent. It differs from ours where it is marked.'
    : 'It differs from ours where it is marked, and with the right secrets it does not give the signature that was sent: the key is wrong as well, or another string was signed.';
}

function resultOf({ outcome, fault }: LoggedRequest): string {
  if (!outcome) return 'under way';
  const answer = outcome.status === undefined ? 'no answer' : String(outcome.status);
  return [answer, outcome.problem, fault && `(fault: ${fault})`].filter(Boolean).join(' ');
}

function pairsOf(rawHeaders: readonly string[]) {
  return rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name, index) => ({ name, value: fromBinary(rawHeaders[2 * index + 1] ?? '') }));
}
