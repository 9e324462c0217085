import assert from 'node:assert/strict';
import { InputBufferUnderrunError, TBinaryProtocol, TBufferedTransport, Thrift } from 'thrift';

/** The longest message that is read, in bytes. */
export const maxMessageBytes = 65_536;

/** The most values of one message. What this service sends and takes holds one at most, so that reading a message is always quick. */
const maxValues = 1_024;

export interface MessageReader {
  /**
   * The next message as `read` makes it, or undefined where it has not arrived whole. Throws what can never become a
   * message: a foreign version, too long, too many values, nested too deeply.
   */
  next<T>(read: (message: TBinaryProtocol) => T): T | undefined;
  /** The bytes after the last whole message. */
  rest(): Buffer;
}

/** Reads messages of the binary protocol, one by one, out of bytes that arrived. */
export function messageReader(bytes: Buffer): MessageReader {
  const transport = transportOver(bytes);
  let start = 0;
  const underrun = transport.ensureAvailable.bind(transport);
  transport.ensureAvailable = (byteCount) => {
    // A length that is a lie is refused when it is read: nobody waits for a gigabyte that will not be taken.
    if (transport.borrow().readIndex + byteCount > start + maxMessageBytes) {
      throw beyondBounds(`a message of more than ${maxMessageBytes} bytes`);
    }
    underrun(byteCount);
  };
  return {
    next(read) {
      if (start === bytes.length) {
        return undefined;
      }
      try {
        const value = read(boundedProtocol(transport));
        start = transport.borrow().readIndex;
        return value;
      } catch (error) {
        if (error instanceof InputBufferUnderrunError) {
          return undefined;
        }
        throw error;
      }
    },
    rest: () => bytes.subarray(start),
  };
}

function transportOver(bytes: Buffer): TBufferedTransport {
  let filled: TBufferedTransport | undefined;
  TBufferedTransport.receiver((transport) => {
    filled = transport;
  })(bytes);
  assert(filled, 'A receiver gives its transport at once.');
  return filled;
}

function boundedProtocol(transport: TBufferedTransport): TBinaryProtocol {
  const protocol = new TBinaryProtocol(transport);
  const { skip, readListBegin, readSetBegin, readMapBegin } = protocol;
  let values = 0;
  protocol.skip = (type, depth) => {
    values += 1;
    if (values > maxValues) {
      throw beyondBounds(`a message of more than ${maxValues} values`);
    }
    skip.call(protocol, type, depth);
  };
  // The elements are counted as they are skipped; a size that cannot be is refused before anybody waits for it.
  const plausible =
    <Head extends { size: number }>(readHead: () => Head) =>
    () => {
      const head = readHead.call(protocol);
      if (head.size < 0 || head.size > maxValues) {
        throw beyondBounds(`a container of ${head.size} values`);
      }
      return head;
    };
  protocol.readListBegin = plausible(readListBegin);
  protocol.readSetBegin = plausible(readSetBegin);
  protocol.readMapBegin = plausible(readMapBegin);
  return protocol;
}

function beyondBounds(what: string): Error {
  return new Thrift.TProtocolException(Thrift.TProtocolExceptionType.SIZE_LIMIT, `${what} is not read`);
}
