import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sealedGrant } from '../../credentials/credential.js';
import { AppError } from '../../errors.js';
import { heldTokenRecord } from '../activation.js';

const common = { consumerKey: z.string(), account: z.string(), generation: z.int().min(0) };

/** What a store gives only once, with all that is needed to keep it later. Its secrets are sealed. */
const spoolEntry = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('request-token'), heldToken: heldTokenRecord }),
  z.object({
    ...common,
    kind: z.literal('grant'),
    /** The POST whose verifier the store accepted, and the moment from which newer ones are worth something. */
    candidateId: z.string(),
    obtainedAt: z.iso.datetime().transform((text) => new Date(text)),
    credential: sealedGrant,
  }),
]);

export type SpoolEntry = z.infer<typeof spoolEntry>;

/** Keeps what Redis cannot take, in files, until it can. */
export interface Spool {
  /** Answers the file's name once it is on the disk: whole, or not at all. */
  keep(entry: SpoolEntry): Promise<string>;
  /** The names of what is kept. */
  names(): Promise<string[]>;
  /** `undefined` when the file is gone, since another process was faster. @throws when it cannot be read */
  read(name: string): Promise<SpoolEntry | undefined>;
  remove(name: string): Promise<void>;
}

/** Where the spool of an installation is. */
export function spoolFolder(dataDir: string): string {
  return path.join(dataDir, 'spool');
}

/** The names of what waits in this folder; none where it is missing. */
export async function spooledIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.json'));
}

/**
 * A spool in this folder, which is made if it is missing: one file of mode 0600 for each entry.
 *
 * @throws AppError `wrong_setting` when the folder cannot be made.
 */
export function spoolIn(folder: string): Spool {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError(
      'wrong_setting',
      'DATA_DIR must be a folder that this program can write to: it keeps there what a store grants while Redis is down.',
      { cause: error },
    );
  }

  return {
    async keep(entry) {
      const name = `${entry.kind}-${randomUUID()}.json`;
      const unfinished = path.join(folder, `${name}.part`);
      try {
        await writeDurably(unfinished, JSON.stringify(entry));
        await rename(unfinished, path.join(folder, name));
      } finally {
        await rm(unfinished, { force: true });
      }
      await syncFolder(folder);
      return name;
    },

    names: () => spooledIn(folder),

    async read(name) {
      const text = await readFile(path.join(folder, name), 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : spoolEntry.parse(JSON.parse(text));
    },

    remove: (name) => rm(path.join(folder, name), { force: true }),
  };
}

async function writeDurably(name: string, text: string): Promise<void> {
  const file = await open(name, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new file's name is on the disk only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
