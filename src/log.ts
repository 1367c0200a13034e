import { pino, type DestinationStream } from 'pino';
import { shortened } from './log/error-in-log.js';
import { allowedFields, type LogFields } from './log/log-fields.js';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Where events are told. There are no child loggers: each line has the fields of its own event alone. */
export type Logger = Readonly<
  Record<(typeof levels)[number], (this: void, fields: LogFields, sentence?: string) => void>
>;

/** The app's log: JSON, one object a line, of the fields in `log-fields.ts` and no others. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // Pino's own would take what is left of an error for one.
    serializers: { err: (error: unknown) => error },
  };
  const output = destination ?? turnwiseOutput();
  const lines = pino(options, {
    write(line) {
      output.write(visible(line));
    },
  });
  const methods = levels.map((name) => [
    name,
    (fields: LogFields, sentence?: string) => {
      if (!lines.isLevelEnabled(name)) return;
      lines[name](allowedFields(fields), sentence && shortened(sentence));
    },
  ]);
  return Object.fromEntries(methods) as Logger;
}

/**
 * JSON leaves characters as they are that turn the direction of a text, break a line, or are not seen at all, and a
 * log is read in terminals. Outside of strings JSON has none of them, but for the line's end.
 */
function visible(line: string): string {
  return line.replace(/[^\P{C}\n]|[\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/**
 * Standard output, written to once in each turn of the event loop: under load most of a line's cost is the system
 * call. What was logged before an exit is written before it.
 */
function turnwiseOutput(): DestinationStream {
  const output = pino.destination({ sync: true });
  let lines = '';
  const flush = () => {
    if (lines !== '') output.write(lines);
    lines = '';
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
