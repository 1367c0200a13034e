import { load, type Target } from './activations.js';
import { pageLoads } from './page-loads.js';
import { startApp, startProgram, startRedis, stopAll } from './processes.js';
import { middle, print, type Row } from './rows.js';
import { signIns } from './sign-ins.js';
import { median } from './statistics.js';

const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 3 : 7;
const seconds = isQuick ? 1 : 2.5;

try {
  const rows = [
    ...(await activations('none', 'appendonly no')),
    ...(await activations('always', 'appendfsync always')),
    ...(await signInRows()),
    ...(await pageRows()),
  ];
  print(rows, rounds);
} finally {
  await stopAll();
}

/** The app and the bare server by turns, on one Redis: at full speed, then both at half of what the app can do. */
async function activations(appendfsync: 'none' | 'always', redis: string): Promise<Row[]> {
  const redisPort = await startRedis(appendfsync);
  const bare = await bareServer(redisPort);
  const app: Target = { name: 'the app', port: await startApp(redisPort) };
  for (const target of [bare, app]) await load(target, seconds);

  const speeds: { bare: number; app: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [bareSpeed, appSpeed] = [await load(bare, seconds), await load(app, seconds)];
    speeds.push({ bare: bareSpeed.perSecond, app: appSpeed.perSecond });
  }
  const half = Math.round(median(speeds.map((speed) => speed.app)) / 2);
  const delays: { bare: number; app: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [bareDelay, appDelay] = [await load(bare, seconds, half), await load(app, seconds, half)];
    delays.push({ bare: bareDelay.p99Ms, app: appDelay.p99Ms });
  }
  return [
    {
      what: `activation POSTs a second, ${redis}`,
      bar: '>= 0.6',
      ratios: speeds.map((speed) => speed.app / speed.bare),
      figures: `${middle(speeds, 'app', 0)} / ${middle(speeds, 'bare', 0)}`,
    },
    {
      what: `p99 at ${half} a second in ms, ${redis}`,
      bar: '<= 2',
      ratios: delays.map((delay) => delay.app / delay.bare),
      figures: `${middle(delays, 'app', 1)} / ${middle(delays, 'bare', 1)}`,
    },
  ];
}

async function bareServer(redisPort: number): Promise<Target> {
  return {
    name: 'the bare server',
    port: Number(await startProgram('bare-server', [String(redisPort)])),
  };
}

async function signInRows(): Promise<Row[]> {
  const times = await signIns(await startRedis('none'), rounds, isQuick ? 5 : 15);
  return [
    {
      what: 'sign-in in ms, less hash and store',
      bar: '<= 1.3',
      ratios: times.map((time) => time.signInMs / time.bareMs),
      figures: `${middle(times, 'signInMs', 1)} / ${middle(times, 'bareMs', 1)}`,
    },
    {
      what: 'sign-in in ms, less hash, with the store',
      bar: '',
      ratios: times.map((time) => time.signInWithStoreMs / time.bareWithStoreMs),
      figures: `${middle(times, 'signInWithStoreMs', 1)} / ${middle(times, 'bareWithStoreMs', 1)}`,
    },
  ];
}

async function pageRows(): Promise<Row[]> {
  const times = await pageLoads(await startRedis('none'), rounds, isQuick ? 100 : 150);
  return [
    {
      what: 'login page in ms',
      bar: '',
      ratios: times.map((time) => time.formMs / time.staticMs),
      figures: `${middle(times, 'formMs', 2)} / ${middle(times, 'staticMs', 2)}`,
    },
    {
      what: 'login page in ms, both with a session',
      bar: '',
      ratios: times.map((time) => time.formMs / time.sessionMs),
      figures: `${middle(times, 'formMs', 2)} / ${middle(times, 'sessionMs', 2)}`,
    },
    {
      what: 'first load of the popup in ms',
      bar: '',
      ratios: times.map((time) => time.firstMs / time.staticMs),
      figures: `${middle(times, 'firstMs', 2)} / ${middle(times, 'staticMs', 2)}`,
    },
  ];
}
