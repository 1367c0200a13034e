import { laminasPath } from '../../oauth/laminas-path.js';
import { rawUrlDecode, rawUrlEncode } from '../../php-strings.js';
import type { Mistake } from './mistake.js';

/** What goes wrong with the escapes of the path. */
export const pathMistakes: readonly Mistake[] = [
  {
    name: 'path-decoded',
    advice:
      'The path was signed decoded. Only 2.4.6 and 2.4.7 do so, and only for some characters; elsewhere it is signed as it is sent.',
    variants: (signing) => [
      { ...signing, path: rawUrlDecode(signing.path) },
      { ...signing, path: laminasPath(signing.path) },
    ],
  },
  {
    name: 'path-encoded-twice',
    advice:
      'The path was percent-encoded once more before it was signed. It is signed as it is sent.',
    variants: (signing) => [
      { ...signing, path: signing.path.split('/').map(rawUrlEncode).join('/') },
    ],
  },
];
