/** A stretch of a text: `**Activate**` is strong, a name in backquotes is the name of a host. */
export interface Words {
  readonly text: string;
  readonly kind: 'plain' | 'strong' | 'host';
}

/** A text of the catalogues in stretches, for a template to place. */
export function wordsOf(text: string): Words[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (/^\*\*.+\*\*$/.test(part)) return { text: part.slice(2, -2), kind: 'strong' };
      if (/^`.+`$/.test(part)) return { text: part.slice(1, -1), kind: 'host' };
      return { text: part, kind: 'plain' };
    });
}

/** The same text without its marks, for whoever cannot show them: a title, a program, a log. */
export function plainWords(text: string): string {
  return wordsOf(text)
    .map((words) => words.text)
    .join('');
}
