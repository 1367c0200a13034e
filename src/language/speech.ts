import type { RequestHandler, Response } from 'express';
import { languageFor, type Language } from './languages.js';
import { translateTo, type Translate } from './translate.js';

/** The language that an answer speaks; every template finds both under these names. */
export interface Speech {
  readonly lang: Language;
  readonly t: Translate;
}

/** Answers in the language that the browser asks for, until `speak` is called: nobody is known yet. */
export const speakAsBrowser: RequestHandler = (req, res, next) => {
  speak(res, languageFor(req.acceptsLanguages()));
  next();
};

/** For whoever runs the app: the console, and its log, are in English. */
export const speakEnglish: RequestHandler = (_req, res, next) => {
  speak(res, 'en');
  next();
};

/** Answers in this language from now on. */
export function speak(res: Response, lang: Language): void {
  Object.assign(res.locals, { lang, t: translateTo(lang) } satisfies Speech);
}

/** Answers in the language that somebody has chosen for their account; without one, the browser's stays. */
export function speakAs(
  res: Response,
  person: { readonly language?: Language | undefined } | undefined,
): void {
  if (person?.language) speak(res, person.language);
}

/** The language that the answer is in. */
export function speechOf(res: Response): Speech {
  return res.locals as Speech & typeof res.locals;
}
