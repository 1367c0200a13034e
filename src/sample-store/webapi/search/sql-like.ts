/**
 * Whether a text fits a pattern of SQL's LIKE: `%` is any text, `_` any one character, a backslash takes the meaning
 * from either. Capitals do not matter. It goes back to the last `%` only, so no pattern makes it slow.
 */
export function isLike(text: string, pattern: string): boolean {
  const characters = Array.from(text.toLowerCase());
  const tokens = tokensOf(pattern.toLowerCase());
  let [at, token, resumeAt, resumeToken] = [0, 0, 0, -1];
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === anything) {
      [resumeAt, resumeToken] = [at, token];
      token += 1;
    } else if (wanted !== undefined && (wanted === anyOne || wanted === characters[at])) {
      at += 1;
      token += 1;
    } else if (resumeToken >= 0) {
      resumeAt += 1;
      [at, token] = [resumeAt, resumeToken + 1];
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === anything);
}

const anything = Symbol('%');
const anyOne = Symbol('_');

function tokensOf(pattern: string): (string | symbol)[] {
  return [...pattern.matchAll(/\\(.)|([^])/gsu)].map(([, escaped, plain = '']) => {
    if (escaped !== undefined) return escaped;
    return plain === '%' ? anything : plain === '_' ? anyOne : plain;
  });
}
