import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

let started: Promise<Browser> | undefined;

/** A real Chromium for one test file, without the errands it runs on its own; it ends with the file. */
export function startBrowser(): Promise<Browser> {
  started ??= chromium.launch({
    executablePath: executable(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  return started;
}

afterAll(async () => {
  await (await started)?.close();
  started = undefined;
});

function executable(): string {
  const found = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error('these tests need Chromium on PATH; `npm test` installs it');
  }
  return found;
}
