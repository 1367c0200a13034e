import { describe, expect, it } from '@jest/globals';
import express from 'express';
import supertest from 'supertest';
import { languageFor, languageNames, languages } from '../../src/language/languages.js';
import { speakAsBrowser, speechOf } from '../../src/language/speech.js';

describe('languageFor', () => {
  const cases: readonly [wanted: readonly string[], language: string][] = [
    [['de'], 'de'],
    [['de-AT'], 'de'],
    [['DE-ch'], 'de'],
    [['fr-CA', 'en'], 'fr'],
    [['pt-BR'], 'pt-BR'],
    [['pt-PT'], 'pt-BR'],
    [['pt'], 'pt-BR'],
    [['zh-CN'], 'zh-CN'],
    [['zh-TW'], 'zh-CN'],
    [['zh-Hans-CN'], 'zh-CN'],
    [['en-GB', 'de'], 'en'],
    [['sv', 'nl'], 'nl'],
    [['sv', 'da'], 'en'],
    [['*'], 'en'],
    [['de-', ''], 'de'],
    [['__proto__', 'constructor', '../de', '-'], 'en'],
    [[], 'en'],
  ];
  for (const [wanted, language] of cases) {
    it(`takes ${language} for ${wanted.join(', ') || 'nothing'}`, () => {
      expect(languageFor(wanted)).toBe(language);
    });
  }

  it('takes each language for itself, and each has a name', () => {
    expect(languages.map((language) => languageFor([language]))).toEqual(languages);
    expect(Object.keys(languageNames)).toEqual(languages);
  });
});

describe('a browser that asks by Accept-Language', () => {
  const app = express();
  app.use(speakAsBrowser, (_req, res) => {
    res.send(speechOf(res).lang);
  });
  const answer = async (header: string) => {
    const { text } = await supertest(app).get('/').set('Accept-Language', header);
    return text;
  };

  const headers: readonly [header: string, language: string][] = [
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en;q=0.5, it;q=0.8, nl;q=0.7', 'it'],
    ['sv, fr-BE;q=0.4, es;q=0.3', 'fr'],
    ['de;q=0, en', 'en'],
    ['*', 'en'],
    ['*;q=0.9, pl;q=0.1', 'pl'],
    ['de;q=many, ;;;, =, es', 'es'],
    ['', 'en'],
  ];
  for (const [header, language] of headers) {
    it(`is answered in ${language} for "${header}"`, async () => {
      expect(await answer(header)).toBe(language);
    });
  }

  it('is answered at once, however much it asks for', async () => {
    const hostile = ['de;q=0.001,'.repeat(930), 'x-'.repeat(5_000), ','.repeat(10_000)];
    const startedAt = performance.now();
    const answers = await Promise.all(hostile.map(answer));

    expect(answers).toEqual(['de', 'en', 'en']);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
