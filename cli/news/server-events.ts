/** A block of an event stream: an event, or, where it has no data, only a place to resume from. */
export interface ServerEvent {
  /** The last id seen so far, which a reader gives as Last-Event-ID to go on after it; empty where there was none. */
  readonly lastEventId: string;
  readonly type: string;
  /** The text of the event; undefined where the block is none. */
  readonly data: string | undefined;
  /** How long the server wants a reader to wait before it connects again, where it has said so. */
  readonly retryMs: number | undefined;
}

/** Lines as they end in an event stream (CR LF, LF or CR), however the pieces are cut. A line that is not ended is left out. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  let endedWithReturn = false;
  for await (const piece of pieces) {
    // A line feed after a return that ended the piece before belongs to that line's end.
    let text = endedWithReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece === '') {
      continue;
    }
    endedWithReturn = piece.endsWith('\r');
    if (isFirst && text !== '') {
      isFirst = false;
      text = text.replace(/^\ufeff/, '');
    }
    const lines = text.split(/\r\n|\n|\r/);
    for (const [index, line] of lines.entries()) {
      if (index < lines.length - 1) {
        yield rest + line;
        rest = '';
      } else {
        rest += line;
      }
    }
  }
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}

/**
 * Reads an event stream (WHATWG HTML §9.2.6). Blocks without data, too, are given where they name an id, for that is
 * where a reader resumes. What is not ended by an empty line is dropped, as the standard says.
 */
export async function* serverEvents(pieces: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let lastEventId = '';
  let retryMs: number | undefined;
  let type = '';
  let data: string[] = [];
  let hasId = false;
  for await (const line of linesOf(pieces)) {
    const [name, value] = fieldOf(line);
    if (line === '') {
      if (data.length > 0 || hasId) {
        const whole = data.length > 0 ? data.join('\n') : undefined;
        yield { lastEventId, type: type === '' ? 'message' : type, data: whole, retryMs };
      }
      type = '';
      data = [];
      hasId = false;
    } else if (name === 'data') {
      data.push(value);
    } else if (name === 'event') {
      type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      lastEventId = value;
      hasId = true;
    } else if (name === 'retry' && /^[0-9]+$/.test(value)) {
      retryMs = Number(value);
    }
  }
}
