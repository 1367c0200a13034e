import { z } from 'zod';

const parameter = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value).slice(0, 200));

const restError = z.object({
  message: z.string(),
  parameters: z
    .union([z.record(z.string(), parameter), z.array(parameter).transform(positional)])
    .optional()
    .catch(undefined),
});

/** An error of Magento's REST API, its placeholders filled in. */
export interface RestError {
  readonly message: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads the body of a failed REST call: `{"message": "… %resources", "parameters": {…} or […]}`. Magento
 * leaves it to the client to fill the placeholders, by name or by number.
 *
 * Answers `undefined` when the body is not of that shape, so not Magento's.
 * @see docs/magento.md, "REST with the access token"
 */
export function readRestError(body: string): RestError | undefined {
  const { data } = restError.safeParse(parseJson(body));
  if (!data) return undefined;
  const parameters = new Map(Object.entries(data.parameters ?? {}));
  const message = data.message.replace(
    /%(\w+)/g,
    (placeholder, name: string) => parameters.get(name) ?? placeholder,
  );
  return { message: message.slice(0, 500), parameters: data.parameters };
}

function positional(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
