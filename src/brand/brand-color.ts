import { channelsOf, contrast } from './contrast.js';

export const defaultColor = '#1a56c4';

/** What WCAG 2.2 AA asks of text; links and the main button's words are text. Edges of controls need 3. */
const needed = 4.5;

/** What the brand's colour stands on, and what stands on it, in light pages and in dark: the values of public/style.css. */
export const surroundings = {
  light: { paper: '#ffffff', ground: '#f4f5f7', onBrand: '#ffffff' },
  dark: { paper: '#1d2126', ground: '#14171b', onBrand: '#10151d' },
} as const;

/** What a colour lacks to be the brand's in light pages, in words that follow "must"; `undefined`: nothing. */
export function lackOfContrast(color: string): string | undefined {
  const { paper, ground } = surroundings.light;
  const [onPaper, onGround] = [contrast(color, paper), contrast(color, ground)];
  if (onPaper >= needed && onGround >= needed) return undefined;
  return (
    `be a darker colour: against white its contrast is ${oneDigit(onPaper)}:1, against the grey of the pages ` +
    `${oneDigit(onGround)}:1, and WCAG 2.2 AA asks for ${needed}:1`
  );
}

/** The colour for dark pages: mixed with white, by twentieths, until it is told apart from all that is around it. */
export function onDark(color: string): string {
  const around = Object.values(surroundings.dark);
  const shades = Array.from({ length: 21 }, (_, step) => withWhite(color, step / 20));
  const isFit = (shade: string) => around.every((other) => contrast(shade, other) >= needed);
  return shades.find(isFit) ?? '#ffffff';
}

function withWhite(color: string, share: number): string {
  const mixed = channelsOf(color).map((channel) => Math.round(channel + (255 - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Never rounded up to what is needed. */
function oneDigit(ratio: number): number {
  return Math.floor(ratio * 10) / 10;
}
