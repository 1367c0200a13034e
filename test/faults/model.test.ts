import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { arrows } from '../../src/activation/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { startRedis } from '../support/start-redis.js';
import { startStore } from '../support/start-store.js';
import { endFairly } from './model/fair-ending.js';
import { newPlay } from './model/play.js';
import { comeToRest, judgeRest } from './model/rest.js';
import { walk } from './model/walk.js';
import { newPlace, newWorld, type Place } from './model/world.js';
import { chance, report, rounds, seed, timeLimit } from './rounds.js';

const walks = rounds(120);
/** The same walks in every `npm test`; others with each `npm run test:faults -- --rounds N`. */
const first = walks === 120 && process.env['FAULT_SEED'] === undefined ? 1 : seed;
const events = 12;

let place: Place;

beforeAll(async () => {
  const clock = fakeClock();
  const redis = (await startRedis()).client();
  place = await newPlace(redis, await startStore({ now: clock.now }), clock);
});

afterAll(async () => {
  await place.http.close();
  place.forger.server.close();
  await rm(place.folder, { recursive: true, force: true });
});

/** One walk: events at random, then rest, then what the app says that the merchant has to do. */
async function oneWalk(
  from: number,
): Promise<{ pair: string; told: string[]; walked: Set<string> }> {
  const world = newWorld(place, chance(from));
  const play = newPlay(world);
  const { walked } = play.laws;
  try {
    await walk(play, events);
    world.story.push('— rest');
    await comeToRest(play);
    const pair = await judgeRest(play);
    world.story.push(`— ${pair}`);
    return { pair, told: await endFairly(play), walked };
  } catch (error) {
    const story = world.story.join('\n');
    throw new Error(
      `walk ${from} (repeat with --seed ${from} --rounds 1):\n${story}\n${String(error)}`,
      {
        cause: error,
      },
    );
  }
}

describe('two processes of the app, a store, and everything that may go wrong between them', () => {
  it(
    'meet no pair of records that may not be, and always leave a way out',
    async () => {
      const pairs = new Map<string, number>();
      const unwalked = new Set(
        Object.entries(arrows).flatMap(([from, ends]) => ends.map((to) => `${from} → ${to}`)),
      );
      for (let round = 0; round < walks; round += 1) {
        const { pair, walked } = await oneWalk(first + round);
        for (const arrow of walked) unwalked.delete(arrow);
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
      const lines = [...pairs]
        .toSorted(([, a], [, b]) => b - a)
        .map(([pair, n]) => `${n} × ${pair}`);
      report(`${walks} walks from seed ${first}:\n  ${lines.join('\n  ')}`);
      report(`  arrows not walked: ${[...unwalked].join(', ') || 'none'}`);
      expect(pairs.size).toBeGreaterThan(0);
    },
    timeLimit(walks, 1_000),
  );
});
