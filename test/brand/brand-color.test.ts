import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { defaultColor, lackOfContrast, onDark, surroundings } from '../../src/brand/brand-color.js';
import { contrast } from '../../src/brand/contrast.js';

const style = readFileSync(path.resolve(import.meta.dirname, '../../public/style.css'), 'utf8');

describe('contrast', () => {
  it('is that of WCAG, whichever colour comes first', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
    expect(contrast('#ff0000', '#ffffff')).toBeCloseTo(3.998, 3);
    expect(contrast('#123456', '#123456')).toBe(1);
  });
});

describe('the colours around the brand', () => {
  for (const [name, key] of [
    ['paper', 'paper'],
    ['ground', 'ground'],
    ['on-brand', 'onBrand'],
  ] as const) {
    it(`have ${name} as the style sheet has it`, () => {
      const { light, dark } = surroundings;

      expect(style).toContain(`--${name}: light-dark(${light[key]}, ${dark[key]});`);
    });
  }
});

describe('a colour for the brand', () => {
  it('may be the default, and any that is as dark', () => {
    for (const color of [defaultColor, '#000000', '#00664f', '#8a1c5b']) {
      expect(lackOfContrast(color)).toBeUndefined();
    }
  });

  it('may not be one that is readable on white alone, since pages are grey', () => {
    expect(contrast('#767676', '#ffffff')).toBeGreaterThan(4.5);
    expect(lackOfContrast('#767676')).toMatch(/against white .* 4\.5:1, .* 4\.1:1/);
  });

  it('is told what it lacks', () => {
    expect(lackOfContrast('#ffcc00')).toBe(
      'be a darker colour: against white its contrast is 1.5:1, against the grey of the pages 1.3:1, and WCAG 2.2 AA asks for 4.5:1',
    );
  });

  for (const color of [defaultColor, '#000000', '#00664f', '#8a1c5b', '#0000ff']) {
    it(`${color} has a shade for dark pages that is readable there, and no lighter than it has to be`, () => {
      const shade = onDark(color);

      for (const other of Object.values(surroundings.dark)) {
        expect(contrast(shade, other)).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(shade, surroundings.dark.paper)).toBeLessThan(6);
    });
  }
});
