type Parameter = string | number | readonly string[];

/** A sentence with placeholders: `%1`, `%2` for a list of parameters, `%name` for named ones. */
export interface Phrase {
  readonly message: string;
  readonly parameters: readonly (string | number)[] | Readonly<Record<string, Parameter>>;
}

/** A refusal in Magento's words. The message keeps its placeholders, because REST answers never fill them in. */
export class MagentoError extends Error implements Phrase {
  override readonly name = 'MagentoError';
  readonly status: 400 | 401 | 404;
  readonly parameters: Phrase['parameters'];
  /** The single failures, when several input errors were found at once. */
  readonly errors: readonly Phrase[];

  constructor(
    status: MagentoError['status'],
    message: string,
    parameters: Phrase['parameters'] = [],
    errors: readonly Phrase[] = [],
  ) {
    super(message);
    this.status = status;
    this.parameters = parameters;
    this.errors = errors;
  }
}

/** The error for parameters that are missing: alone it speaks for itself, several are collected under one head. */
export function missingParameters(names: readonly string[]): MagentoError {
  const errors = names.map((fieldName) => ({
    message: '"%fieldName" is required. Enter and try again.',
    parameters: { fieldName },
  }));
  const [first] = errors;
  return first && errors.length === 1
    ? new MagentoError(400, first.message, first.parameters)
    : new MagentoError(400, 'One or more input exceptions have occurred.', [], errors);
}

/** The error as one sentence with its placeholders filled, as the token endpoints put it. */
export function sentence(error: MagentoError): string {
  if (error.errors.length === 0) return fill(error);
  return error.errors.map((phrase) => fill(phrase).replace(/\.$/, '')).join(', ');
}

function fill({ message, parameters }: Phrase): string {
  const named: [string, Parameter][] = Array.isArray(parameters)
    ? parameters.map((value: string | number, index) => [String(index + 1), value])
    : Object.entries(parameters);
  return named.reduce(
    // By a function, since in a text for a replacement `$&` has a meaning.
    (text, [name, value]) => text.replaceAll(`%${name}`, () => String(value)),
    message,
  );
}
