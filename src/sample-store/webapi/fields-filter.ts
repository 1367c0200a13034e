/** What is wanted of an object; a name without fields of its own is wanted whole. */
interface Fields {
  readonly [name: string]: Fields | undefined;
}

/**
 * What the `fields` parameter leaves of an answer: `items[sku,name],total_count`. A list is filtered item by item, and
 * a parameter that cannot be read leaves nothing.
 */
export function filtered(answer: unknown, fields: string): unknown {
  const wanted = parsed(fields);
  return wanted ? only(answer, wanted) : [];
}

function only(value: unknown, fields: Fields): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => only(item, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name in fields)
      .map(([name, content]): [string, unknown] => {
        const inner = fields[name];
        return [name, inner ? only(content, inner) : content];
      }),
  );
}

function parsed(text: string): Fields | undefined {
  if (!/^[\w[\],]+$/.test(text)) return undefined;
  const root = noFields();
  const open = [root];
  let last = '';
  for (const token of text.match(/\w+|[[\],]/g) ?? []) {
    const current = open.at(-1);
    if (!current) return undefined;
    if (token === '[') {
      const inner = noFields();
      current[last] = inner;
      open.push(inner);
    } else if (token === ']') {
      open.pop();
    } else if (token !== ',') {
      current[token] = undefined;
      last = token;
    }
  }
  return open.length === 1 ? root : undefined;
}

function noFields(): Record<string, Fields | undefined> {
  return Object.create(null) as Record<string, Fields | undefined>;
}
