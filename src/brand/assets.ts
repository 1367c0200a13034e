import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { defaultColor, onDark } from './brand-color.js';
import { logoName, type Brand } from './brand.js';

interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

const svg = 'image/svg+xml';

/** A picture opened by itself is a page of our origin: one that may be drawn, and nothing else. */
const picturePolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * What pages load: the style sheet with the brand's colours in it, the popup's script, the pictures. They are read and
 * compressed once, when the app is made. Pages are never compressed: they hold tokens beside what a visitor has sent,
 * and the length of the two together would tell of the tokens (BREACH).
 */
export function assetRoutes({ brand }: { readonly brand: Brand }, folder: string): Router {
  const router = Router();
  for (const [name, { type, content }] of Object.entries(assetsOf(brand, folder))) {
    const small = type === 'image/png' ? undefined : gzipSync(content);
    router.get(`/${name}`, (req, res) => {
      // Assets may be kept for an hour, unlike pages, which `securityHeaders` keeps out of every cache.
      res.set({ 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' });
      if (type.startsWith('image/')) res.set('Content-Security-Policy', picturePolicy);
      if (small) res.vary('Accept-Encoding');
      const isSmall = small && req.acceptsEncodings('gzip');
      if (isSmall) res.set('Content-Encoding', 'gzip');
      res.send(isSmall ? small : content);
    });
  }
  return router;
}

function assetsOf(brand: Brand, folder: string): Record<string, Asset> {
  const { color, logo } = brand;
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const colors = `\n:root {\n  --brand: light-dark(${color}, ${onDark(color)});\n}\n`;
  return {
    'style.css': textAsset('text/css', `${read('style.css')}${colors}`),
    'popup.js': textAsset('text/javascript', read('popup.js')),
    'icon.svg': textAsset(svg, read('icon.svg').replaceAll(defaultColor, color)),
    ...(logo && {
      [logoName(logo)]: { type: logo.kind === 'svg' ? svg : 'image/png', content: logo.content },
    }),
  };
}

function textAsset(type: string, text: string): Asset {
  return { type: `${type}; charset=utf-8`, content: Buffer.from(text) };
}
