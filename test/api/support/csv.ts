/** The records of a CSV document (RFC 4180), by the names in its first line. */
export function parseCsv(text: string): Record<string, string>[] {
  const [names = [], ...records] = recordsOf(text);
  return records.map((cells) => {
    if (cells.length !== names.length) {
      throw new Error(`${cells.length} cells under ${names.length} names: ${JSON.stringify(cells)}`);
    }
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

const cell = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",\r\n]*))(?<end>,|\r\n)/y;

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  cell.lastIndex = 0;
  while (cell.lastIndex < text.length) {
    const start = cell.lastIndex;
    const groups = cell.exec(text)?.groups;
    if (!groups) {
      throw new Error(`This is no CSV at ${start}: ${JSON.stringify(text.slice(start, start + 80))}`);
    }
    cells.push(groups.quoted?.replaceAll('""', '"') ?? groups.plain ?? '');
    if (groups.end === '\r\n') {
      records.push(cells);
      cells = [];
    }
  }
  return records;
}
