import path from 'node:path';

/** Where the pages are, seen from `src/` and from `dist/` alike. */
export const viewsFolder = path.resolve(import.meta.dirname, '../../views/sample-store');
