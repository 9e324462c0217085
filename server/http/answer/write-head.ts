import { ServerResponse, STATUS_CODES } from 'node:http';
import type { HeaderList, WriteHead } from '../contract/exchange.js';

/** The step of Node, behind `writeHead`, from a first line and headers to the text that is sent. */
interface StoresHeader {
  _storeHeader?: (firstLine: string, headers: readonly string[]) => void;
}

const { _storeHeader: storeHeader } = ServerResponse.prototype as ServerResponse & StoresHeader;

/** Whether answers of a status have a body: those without are written otherwise by Node. */
const hasBody = (status: number) => status >= 200 && status !== 204 && status !== 304;

/**
 * A way to write heads that all hold the same headers besides their own. Node would check and join each of them for each answer, so
 * they are joined once and travel behind the first line; where Node has no such step, or more to think of, it is left to Node.
 */
export function makeHeadWriter(common: HeaderList): WriteHead {
  const commonLines = common.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const commonNames = new Set(common.map(([name]) => name));
  /** By status. */
  const beginnings = new Map<number, string>();

  function beginningOf(status: number): string {
    let beginning = beginnings.get(status);
    if (beginning === undefined) {
      beginning = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n${commonLines}`;
      beginnings.set(status, beginning);
    }
    return beginning;
  }

  /** The common headers with those of the answer, which go in the place of common ones of their name. */
  function joined(own: readonly string[]): string[] {
    const values = new Map(common);
    for (let place = 0; place < own.length; place += 2) {
      values.set(String(own[place]), String(own[place + 1]));
    }
    return [...values].flat();
  }

  function replacesCommon(own: readonly string[]): boolean {
    for (let place = 0; place < own.length; place += 2) {
      if (commonNames.has(own[place] as string)) {
        return true;
      }
    }
    return false;
  }

  return (response, status, own) => {
    const isPlain =
      storeHeader !== undefined &&
      hasBody(status) &&
      !response.headersSent &&
      response.getHeaderNames().length === 0 &&
      response.req.headers.expect === undefined &&
      !replacesCommon(own);
    if (isPlain) {
      response.statusCode = status;
      storeHeader.call(response, beginningOf(status), own);
    } else {
      response.writeHead(status, joined(own));
    }
  };
}
