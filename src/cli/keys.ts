import { parseArgs } from 'node:util';
import { spooledIn, spoolFolder } from '../activation/exchange/spool.js';
import { canary } from '../credentials/canary.js';
import { keyRing } from '../credentials/key-ring.js';
import { resealAll, tallySealed } from '../credentials/sealed-records.js';
import { AppError } from '../errors.js';
import { createLog } from '../log.js';
import { openRedis } from '../redis/open-redis.js';
import { completeConfig, redisSettings } from './complete-config.js';
import { fail } from './fail.js';
import { keepMemoryPrivate } from './keep-memory-private.js';
import { leftText, resealedText, spoolText, tallyText } from './keys-text.js';
import { sealedKinds } from './sealed-kinds.js';

const usage = `Usage:
  npm run keys -- status       count what each key has sealed
  npm run keys -- rotate       seal everything with the first key
  npm run keys -- forget ID    start without a key that is lost for good`;

/** What a command has to say, and whether everything stored can be opened. */
interface Outcome {
  readonly text: string;
  readonly isReadable: boolean;
}

keepMemoryPrivate();
try {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  const command = commandOf(positionals);
  const config = completeConfig(process.env);
  const redis = await openRedis(
    { ...redisSettings(config, process.env), standIn: 'join-only' },
    createLog('silent'),
  );
  try {
    const { text, isReadable } = await command(toolsFor(redis.client, config));
    console.log(text);
    if (!isReadable) process.exitCode = 1;
  } finally {
    await redis.close();
  }
} catch (error) {
  fail(error);
}

type Tools = ReturnType<typeof toolsFor>;

function toolsFor(
  client: Parameters<typeof resealAll>[0],
  { redis: { prefix }, dataDir, encryptionKeys }: ReturnType<typeof completeConfig>,
) {
  const ring = keyRing(encryptionKeys);
  const kinds = sealedKinds(prefix);
  const tally = () => tallySealed(client, kinds, ring);
  return {
    ring,
    tally,
    reseal: () => resealAll(client, kinds, ring),
    spooled: async () => (await spooledIn(spoolFolder(dataDir))).length,
    canary: canary(client, prefix, encryptionKeys, tally),
  };
}

function commandOf([verb, ...words]: readonly string[]): (tools: Tools) => Promise<Outcome> {
  const [id, ...others] = words;
  if (verb === 'status' && id === undefined) return status;
  if (verb === 'rotate' && id === undefined) return rotate;
  if (verb === 'forget' && id !== undefined && others.length === 0) {
    return (tools) => forget(tools, id);
  }
  throw new AppError('bad_request', usage);
}

async function status({ ring, tally, spooled }: Tools): Promise<Outcome> {
  const files = await spooled();
  const found = await tally();
  return {
    text: [tallyText(found, ring), ...spoolText(files)].join('\n'),
    isReadable: found.unreadable.length === 0,
  };
}

async function rotate({ ring, canary: canaries, tally, reseal, spooled }: Tools): Promise<Outcome> {
  await canaries.admit();
  const files = await spooled();
  const done = await reseal();
  const { left, retired } =
    files === 0 ? await canaries.retire() : { left: await tally(), retired: [] };
  return {
    text: [resealedText(done, ring), ...leftText(left, retired, ring), ...spoolText(files)].join(
      '\n',
    ),
    isReadable: done.unreadable.length === 0 && left.unreadable.length === 0,
  };
}

async function forget({ canary: canaries }: Tools, id: string): Promise<Outcome> {
  if (!(await canaries.forget(id))) {
    throw new AppError('bad_request', `No key ${id} is missing from ENCRYPTION_KEYS.`);
  }
  const text = `Forgot the key ${id}: the app starts without it, and what it has sealed stays closed.`;
  return { text, isReadable: true };
}
