/** The parts used here of the npm package `thrift`, which brings no types of its own. */
declare module 'thrift' {
  export class TBufferedTransport {
    constructor(unused?: undefined, onFlush?: (bytes: Buffer) => void);
    /** Takes bytes in and hands the callback the transport from which they can be read. */
    static receiver(callback: (transport: TBufferedTransport) => void): (bytes: Buffer) => void;
    borrow(): { buf: Buffer; readIndex: number; writeIndex: number };
    /** Throws InputBufferUnderrunError where fewer bytes are there. */
    ensureAvailable(byteCount: number): void;
    flush(): void;
  }

  export class TBinaryProtocol {
    constructor(transport: TBufferedTransport, strictRead?: boolean, strictWrite?: boolean);
    /** `fname` is a Buffer where the message carries no version, as those of very old clients. */
    readMessageBegin(): { fname: string | Buffer; mtype: number; rseqid: number };
    readMessageEnd(): void;
    readListBegin(): { etype: number; size: number };
    readSetBegin(): { etype: number; size: number };
    readMapBegin(): { ktype: number; vtype: number; size: number };
    skip(type: number, depth?: number): void;
    writeMessageBegin(name: string | Buffer, type: number, seqid: number): void;
    writeMessageEnd(): void;
    flush(): void;
  }

  export class InputBufferUnderrunError extends Error {}

  export interface Int64 {
    readonly buffer: Buffer;
  }
  export function toBigInt(value: Int64): bigint;
  export function fromBigInt(value: bigint): Int64;

  export namespace Thrift {
    const Type: { readonly STRUCT: number };
    const MessageType: { readonly CALL: number; readonly REPLY: number; readonly EXCEPTION: number };
    const TApplicationExceptionType: { readonly UNKNOWN_METHOD: number; readonly INTERNAL_ERROR: number };
    const TProtocolExceptionType: { readonly SIZE_LIMIT: number; readonly NEGATIVE_SIZE: number };
    class TApplicationException extends Error {
      constructor(type: number, message: string);
      /** What `write` sends as the type; the constructor sets only `type`, which it does not send. */
      code?: number;
      write(output: TBinaryProtocol): void;
    }
    class TProtocolException extends Error {
      constructor(type: number, message: string);
    }
  }
}
