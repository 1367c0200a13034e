import { fromBinary, rawUrlDecode } from '../../php-strings.js';

/** A text in three pieces, of which the middle one differs from another text. */
export interface Marked {
  readonly before: string;
  readonly changed: string;
  readonly after: string;
}

/** One part of a base string on both sides; a side that lacks it is `undefined`. */
export interface ComparedPart {
  readonly label: string;
  readonly ours: Marked | undefined;
  readonly theirs: Marked | undefined;
  readonly differs: boolean;
}

interface Part {
  readonly label: string;
  readonly text: string;
}

/** The text with the piece marked in which it differs from the other. */
export function marked(text: string, other: string): Marked {
  const shortest = Math.min(text.length, other.length);
  let head = 0;
  while (head < shortest && text[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  return {
    before: fromBinary(text.slice(0, head)),
    changed: fromBinary(text.slice(head, text.length - tail)),
    after: fromBinary(text.slice(text.length - tail)),
  };
}

/** Method, address and each parameter of two base strings side by side, in the order of ours. */
export function comparedParts(ours: string, theirs: string): readonly ComparedPart[] {
  const left = [...partsOf(theirs)];
  const rows = partsOf(ours).map((part) => {
    const index = left.findIndex(({ label }) => label === part.label);
    return compared(part, index < 0 ? undefined : left.splice(index, 1)[0]);
  });
  return [...rows, ...left.map((part) => compared(undefined, part)), ...order(ours, theirs)];
}

/** The parts of a base string, decoded once: parameters as they stand when they are joined. */
function partsOf(base: string): readonly Part[] {
  const [method = '', address = '', ...rest] = base.split('&');
  const pairs = rawUrlDecode(rest.join('&')).split('&').filter(Boolean);
  return [
    { label: 'Method', text: method },
    { label: 'Address', text: rawUrlDecode(address) },
    ...pairs.map((pair) => ({ label: fromBinary(pair.replace(/=.*$/s, '')), text: pair })),
  ];
}

function compared(ours: Part | undefined, theirs: Part | undefined): ComparedPart {
  return {
    label: (ours ?? theirs)?.label ?? '',
    ours: ours && marked(ours.text, theirs?.text ?? ''),
    theirs: theirs && marked(theirs.text, ours?.text ?? ''),
    differs: ours?.text !== theirs?.text,
  };
}

/** A row of its own where both have the same parts in another order. */
function order(ours: string, theirs: string): readonly ComparedPart[] {
  const mine = labelsOf(ours);
  const other = labelsOf(theirs);
  if (mine.toSorted().join() !== other.toSorted().join() || mine.join() === other.join()) return [];
  return [
    compared({ label: 'Order', text: mine.join(' ') }, { label: 'Order', text: other.join(' ') }),
  ];
}

function labelsOf(base: string): readonly string[] {
  return partsOf(base).map(({ label }) => label);
}
