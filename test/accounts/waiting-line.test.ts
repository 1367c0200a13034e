import { describe, expect, it } from '@jest/globals';
import { waitingLine, type Suspicion } from '../../src/accounts/waiting-line.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const limits = { atOnce: 2, inAll: 4, perLane: 2 };

/** A line whose waits and checks end when they are told to; it notes what became of each who stood in it. */
function newLine() {
  const waits: (() => void)[] = [];
  const checks = new Map<string, () => void>();
  const became: Record<string, string> = {};
  const through = waitingLine(
    () => new Promise<void>((resolve) => void waits.push(resolve)),
    limits,
  );
  return {
    became,
    waits,
    begun: () => [...checks.keys()],
    async stand(who: string, how: Partial<Suspicion> & { readonly network?: string } = {}) {
      const { network = who, ...speaks } = how;
      const lookAt = () => Promise.resolve({ waitMs: 0, lane: '', wrong: 0, ...speaks });
      const check = () => new Promise<void>((resolve) => checks.set(who, resolve));
      void through(network, lookAt, check).then(
        () => (became[who] = 'checked'),
        (error: unknown) => (became[who] = (error as { code: string }).code),
      );
      await turn();
    },
    async endWait() {
      waits.shift()?.();
      await turn();
    },
    async endCheck(who: string) {
      checks.get(who)?.();
      await turn();
    },
  };
}

const suspected = (lane: string, how: Partial<Suspicion> = {}) => ({
  waitMs: 3_000,
  lane,
  ...how,
});

describe('the waiting line', () => {
  it('checks two at once, and the others in their order', async () => {
    const line = newLine();
    for (const who of ['a', 'b', 'c', 'd']) await line.stand(who);
    const first = line.begun();

    await line.endCheck('b');
    const second = line.begun();
    for (const who of ['a', 'c', 'd']) await line.endCheck(who);

    expect(first).toEqual(['a', 'b']);
    expect(second).toEqual(['a', 'b', 'c']);
    expect(line.became).toEqual({ a: 'checked', b: 'checked', c: 'checked', d: 'checked' });
  });

  it('lets those of one lane wait one after another, and nobody else', async () => {
    const line = newLine();
    await line.stand('first', suspected('account mia'));
    await line.stand('second', suspected('account mia'));
    await line.stand('other', suspected('account max'));
    await line.stand('free');
    const waiting = line.waits.length;
    const free = line.begun();

    await line.endWait();
    const afterFirst = { waiting: line.waits.length, begun: line.begun() };

    expect([waiting, free]).toEqual([2, ['free']]);
    expect(afterFirst).toEqual({ waiting: 2, begun: ['free', 'first'] });
  });

  it('turns away the last of a lane that is full, and whoever has guessed more often before them', async () => {
    const line = newLine();
    await line.stand('a', suspected('account mia', { wrong: 9 }));
    await line.stand('b', suspected('account mia', { wrong: 9 }));

    await line.stand('c', suspected('account mia', { wrong: 9 }));
    await line.stand('owner', suspected('account mia', { wrong: 2 }));

    expect(line.became).toEqual({ c: 'sign_ins_busy', b: 'sign_ins_busy' });
  });

  it('does not let anybody who was turned away shorten the wait of the next', async () => {
    const line = newLine();
    await line.stand('a', suspected('account mia', { wrong: 9 }));
    await line.stand('b', suspected('account mia', { wrong: 8 }));
    await line.stand('c', suspected('account mia', { wrong: 7 }));
    const waiting = line.waits.length;

    await line.endWait();

    expect(line.became).toEqual({ a: 'sign_ins_busy' });
    expect([waiting, line.waits.length, line.begun()]).toEqual([1, 1, []]);
  });

  it('has room for whoever is not suspected, however many wait for their wrong passwords', async () => {
    const line = newLine();
    for (const who of ['a', 'b', 'c', 'd']) await line.stand(who, suspected(`network ${who}`));

    await line.stand('owner');

    expect(line.begun()).toEqual(['owner']);
    expect(line.became).toEqual({ d: 'sign_ins_busy' });
  });

  it('has room for another network, however many checks of one there are', async () => {
    const line = newLine();
    for (const who of ['a', 'b', 'c', 'd']) await line.stand(who, { network: 'flood' });

    await line.stand('owner');
    for (const who of ['a', 'b', 'c', 'owner']) await line.endCheck(who);

    expect(line.became).toMatchObject({ d: 'sign_ins_busy', owner: 'checked' });
  });

  it('turns away whoever comes last where all are alike, and nobody whose password is looked at', async () => {
    const line = newLine();
    for (const who of ['a', 'b', 'c', 'd', 'e']) await line.stand(who);
    const { e } = line.became;
    await line.stand('f', { network: 'a' });
    for (const who of ['a', 'b', 'c', 'd']) await line.endCheck(who);

    expect(e).toBe('sign_ins_busy');
    expect(line.became).toMatchObject({ a: 'checked', b: 'checked', f: 'sign_ins_busy' });
  });

  it('looks again just before the check, and has it wait where more speaks against it by then', async () => {
    const waited: number[] = [];
    const through = waitingLine((ms) => Promise.resolve(waited.push(ms)), limits);
    const looks = [250, 1_000, 500].map((waitMs) => ({ waitMs, lane: 'network a', wrong: 1 }));

    const outcome = await through(
      'a',
      () => Promise.resolve(looks.shift()!),
      () => Promise.resolve('checked'),
    );

    expect(outcome).toBe('checked');
    expect(waited).toEqual([250, 1_000]);
    expect(looks).toEqual([]);
  });

  it('goes on after a check that failed, and after a look that failed', async () => {
    const through = waitingLine(() => Promise.resolve(), { ...limits, atOnce: 1, inAll: 1 });
    const fine = () => Promise.resolve({ waitMs: 0, lane: '', wrong: 0 });
    const broken = () => Promise.reject(new Error('no Redis'));

    await expect(through('a', fine, broken)).rejects.toThrow('no Redis');
    await expect(through('a', broken, fine)).rejects.toThrow('no Redis');

    expect(await through('a', fine, () => Promise.resolve('checked'))).toBe('checked');
  });
});
