// Written by hand: the declarations that the compiler can make rest on a package of types that is long out of date.
import type { Int64, TBinaryProtocol, TBufferedTransport } from 'thrift';

type Callback<T> = (error: unknown, result?: T) => void;

/** What the service does. A function with a callback is called, and answers, in one go; one without gives a promise. */
export interface Handler {
  getCurrentTimestamp(result: Callback<string>): void;
  getCurrentTimeMicros(result: Callback<Int64>): void;
}

export class Processor {
  constructor(handler: Handler);
  process_getCurrentTimestamp(seqid: number, input: TBinaryProtocol, output: TBinaryProtocol): void;
  process_getCurrentTimeMicros(seqid: number, input: TBinaryProtocol, output: TBinaryProtocol): void;
}

export class Client {
  constructor(output: TBufferedTransport, protocol: typeof TBinaryProtocol);
  /** Calls that wait for their answer, by sequence number. */
  _reqs: Record<number, Callback<unknown>>;
  /** The sequence number of the newest call. */
  seqid(): number;
  getCurrentTimestamp(): Promise<string>;
  getCurrentTimeMicros(): Promise<Int64>;
  recv_getCurrentTimestamp(input: TBinaryProtocol, messageType: number, seqid: number): void;
  recv_getCurrentTimeMicros(input: TBinaryProtocol, messageType: number, seqid: number): void;
}
