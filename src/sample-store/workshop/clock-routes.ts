import express, { type Router } from 'express';
import type { StoreClock } from '../clock.js';
import { wantsPage } from './wants-page.js';

/**
 * `POST /clock`, as JSON or as a form: `advance` puts the store's clock forward by seconds, `now` sets it to a
 * time in ISO 8601. Answers what the clock shows then, or leads a browser back to the page.
 */
export function clockRoutes({ clock }: { clock: StoreClock }): Router {
  const router = express.Router();
  router.post('/clock', express.json(), express.urlencoded({ extended: false }), (req, res) => {
    const change = changeIn(req.body);
    try {
      if (!change) throw new RangeError('Send advance (seconds) or now (a time in ISO 8601).');
      if ('set' in change) clock.set(change.set);
      else clock.advance(change.advance);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      res.status(400).json({ error: error.message });
      return;
    }
    if (wantsPage(req)) res.redirect(303, '/_store/faults');
    else res.json({ now: clock.now().toISOString() });
  });
  return router;
}

function changeIn(body: unknown): { advance: number } | { set: Date } | undefined {
  const { advance, now } = (body ?? {}) as { advance?: unknown; now?: unknown };
  if (typeof now === 'string' && advance === undefined && isoTime.test(now)) {
    return { set: new Date(now) };
  }
  if (now !== undefined) return undefined;
  if (typeof advance === 'number') return { advance };
  const isNumber = typeof advance === 'string' && /^-?\d+(\.\d+)?$/.test(advance);
  return isNumber ? { advance: Number(advance) } : undefined;
}

/** With its zone, since a time without one would mean something else on every machine. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
