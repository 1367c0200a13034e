import { type IncomingRequest, queryOf } from '../calls/incoming-request.js';
import { MagentoError } from '../calls/magento-error.js';
import { fromBinary } from '../php-strings.js';
import { isPhpArray, type PhpArray, phpArray } from './php-array.js';

/** How many arrays deep PHP's `json_decode` reads. */
const deepestJson = 512;

/** Reads body, query and the path's placeholders into one array; a body counts only with POST and PUT. */
export function inputOf(
  request: IncomingRequest,
  parameters: Readonly<Record<string, string>>,
): PhpArray {
  const body = ['POST', 'PUT'].includes(request.method) ? bodyOf(request) : {};
  return { ...body, ...phpArray(queryOf(request.target)), ...parameters };
}

/** Nothing has no type, so a POST that needs no parameters may come without either. */
function bodyOf({ contentType, body }: IncomingRequest): PhpArray {
  if (body === '') return {};
  switch (mediaType(contentType)) {
    case 'application/json':
      return decodedJson(fromBinary(body));
    case 'application/x-www-form-urlencoded':
      return phpArray(body);
    default:
      throw new MagentoError(
        400,
        `Server cannot understand Content-Type HTTP header media type ${contentType}`,
      );
  }
}

function mediaType(contentType: string): string {
  if (contentType === '') throw new MagentoError(400, 'Content-Type header is empty.');
  const [, type, charset] = /^([a-z\d/\-+.]+)(?:; *charset=(.+))?$/i.exec(contentType) ?? [];
  if (type === undefined) throw new MagentoError(400, 'Content-Type header is invalid.');
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw new MagentoError(400, 'UTF-8 is the only supported charset.');
  }
  return type;
}

/** Only a store in developer mode says more about what is wrong with a body. */
function decodedJson(body: string): PhpArray {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new MagentoError(400, 'Decoding error.');
  }
  if (isDeeper(value, deepestJson)) throw new MagentoError(400, 'Decoding error.');
  return isPhpArray(value) ? value : {};
}

/** Level by level, since a body can be deeper than any stack of calls. */
function isDeeper(value: unknown, most: number): boolean {
  let level = [value].filter(isPhpArray);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((array) => Object.values(array).filter(isPhpArray));
  }
  return false;
}
