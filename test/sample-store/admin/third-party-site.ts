import type { ServerResponse } from 'node:http';
import { startCallback } from '../third-party.js';

/**
 * A third party with a sign-in page on another origin, whose link leads back to the admin. `hold` keeps the answer
 * to the POST until `release` is called.
 */
export async function thirdPartySite({ hold = false } = {}) {
  const held: ServerResponse[] = [];
  const third = await startCallback((res, { method, target }) => {
    const back = new URL(target, 'http://third.example').searchParams.get('success_call_back');
    if (method === 'POST' && hold) held.push(res);
    else if (target.startsWith('/done')) res.writeHead(303, { Location: back ?? '' }).end();
    else if (back === null) res.end('ok');
    else {
      res.setHeader('Content-Type', 'text/html');
      res.end(`<a href="/done?success_call_back=${encodeURIComponent(back)}">Sign in</a>`);
    }
  });
  return {
    endpointUrl: third.url,
    identityUrl: new URL('/login', third.url).href,
    posts: () => third.posts.filter(({ method }) => method === 'POST'),
    release: () => {
      for (const res of held.splice(0)) res.end('ok');
    },
  };
}
