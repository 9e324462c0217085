const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** The first member name that comes twice in one object of a text that is known to be JSON; undefined where none does. */
export function repeatedMemberName(text: string): string | undefined {
  const open: Set<string>[] = [];
  let lastString = '""';
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      open.push(new Set());
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      const name = String(JSON.parse(lastString));
      const names = open.at(-1);
      if (names?.has(name)) {
        return name;
      }
      names?.add(name);
    } else {
      lastString = token;
    }
  }
  return undefined;
}
