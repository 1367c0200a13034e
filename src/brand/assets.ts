import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { languages, type Language } from '../language/languages.js';
import { translateTo } from '../language/translate.js';
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
    ...Object.fromEntries(
      languages.map((language) => [
        popupScript(language),
        textAsset('text/javascript', `${textsOf(language)}${read('popup.js')}`),
      ]),
    ),
    'icon.svg': textAsset(svg, read('icon.svg').replaceAll(defaultColor, color)),
    ...(logo && {
      [logoName(logo)]: { type: logo.kind === 'svg' ? svg : 'image/png', content: logo.content },
    }),
  };
}

/** The popup's script in a language; that in English is the file itself with its words. */
function popupScript(language: Language): string {
  return language === 'en' ? 'popup.js' : `popup.${language}.js`;
}

/** The words of public/popup.js. */
function textsOf(language: Language): string {
  const t = translateTo(language);
  const texts = {
    left: t('popup.login.left', { time: '0:00' }),
    over: t('popup.login.over'),
    late: t('popup.late.text'),
    lateNext: t('popup.late.next'),
    show: t('popup.login.show'),
    showPassword: t('popup.login.showPassword'),
  };
  return `const texts = ${JSON.stringify(texts)};\n`;
}

function textAsset(type: string, text: string): Asset {
  return { type: `${type}; charset=utf-8`, content: Buffer.from(text) };
}
