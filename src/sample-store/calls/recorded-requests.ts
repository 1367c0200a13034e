/** A call of a token endpoint or of the REST API. A call that was not answered has no status. */
export interface RecordedRequest {
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  readonly authorization: string | undefined;
  status?: number | undefined;
  /** The text of `oauth_problem`, or the message of a REST error. */
  problem?: string | undefined;
}

/** The last calls in the order in which they came. A store may run for days, so it forgets the older ones. */
export function recordedRequests(most = 10_000) {
  const requests: RecordedRequest[] = [];

  return {
    requests: requests as readonly RecordedRequest[],
    arrived: (request: RecordedRequest): void => {
      requests.push(request);
      if (requests.length > most) requests.shift();
    },
  };
}
