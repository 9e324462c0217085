const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

const shorthands: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The text that a string of JSON stands for (RFC 8259 §7), read without JSON.parse, which Node 24 gets wrong for some short names. */
export function unescaped(token: string): string {
  return token
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_escape, hex: string | undefined, character: string) =>
      hex === undefined
        ? (shorthands[character] ?? character)
        : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

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
      const name = unescaped(lastString);
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
