import { describe, expect, it } from '@jest/globals';
import { recordedRequests } from '../../../src/sample-store/calls/recorded-requests.js';

describe('recordedRequests', () => {
  it('forgets the oldest for a new one', () => {
    const { requests, arrived } = recordedRequests(2);

    for (const path of ['/1', '/2', '/3']) {
      arrived({ method: 'GET', path, authorization: undefined });
    }

    expect(requests.map(({ path }) => path)).toEqual(['/2', '/3']);
  });
});
