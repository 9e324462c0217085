import { fromBigInt, TBinaryProtocol, TBufferedTransport, Thrift } from 'thrift';
import { type Handler, Processor } from './generated/TimestampService.js';

/**
 * Reads one call and gives the bytes of its answer. An unknown function, and a clock that fails, are answered with an
 * exception of Thrift's own. Throws where what arrived is no call.
 */
export type AnswerCall = (call: TBinaryProtocol) => Buffer;

/** Answers the calls of `timestamp.thrift` with the time that `nowMicros` gives, in microseconds since 1970. */
export function callAnswerer(nowMicros: () => number): AnswerCall {
  const processor = new Processor(timeHandler(nowMicros));
  return (call) => {
    const { fname, mtype, rseqid } = call.readMessageBegin();
    if (mtype !== Thrift.MessageType.CALL) {
      throw new Error(`a message of type ${mtype} is no call`);
    }
    switch (String(fname)) {
      case 'getCurrentTimestamp':
        return written((answer) => processor.process_getCurrentTimestamp(rseqid, call, answer));
      case 'getCurrentTimeMicros':
        return written((answer) => processor.process_getCurrentTimeMicros(rseqid, call, answer));
      default:
        call.skip(Thrift.Type.STRUCT);
        call.readMessageEnd();
        return written((answer) => refuseUnknownFunction(fname, rseqid, answer));
    }
  };
}

function timeHandler(nowMicros: () => number): Handler {
  return {
    getCurrentTimestamp: (result) => give(result, () => timestampOf(nowMicros())),
    getCurrentTimeMicros: (result) => give(result, () => fromBigInt(BigInt(nowMicros()))),
  };
}

function give<T>(result: (error: unknown, value?: T) => void, value: () => T): void {
  let given: T;
  try {
    given = value();
  } catch (error) {
    result(error);
    return;
  }
  result(null, given);
}

function timestampOf(micros: number): string {
  return new Date(Math.floor(micros / 1_000)).toISOString().slice(0, 19).replace('T', ' ');
}

function written(write: (answer: TBinaryProtocol) => void): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  const transport = new TBufferedTransport(undefined, (flushed) => {
    bytes = flushed;
  });
  write(new TBinaryProtocol(transport));
  return bytes;
}

function refuseUnknownFunction(name: string | Buffer, seqid: number, answer: TBinaryProtocol): void {
  const unknownMethod = Thrift.TApplicationExceptionType.UNKNOWN_METHOD;
  const exception = new Thrift.TApplicationException(
    unknownMethod,
    `Unknown function ${String(name).slice(0, 100)}`,
  );
  exception.code = unknownMethod;
  answer.writeMessageBegin(name, Thrift.MessageType.EXCEPTION, seqid);
  exception.write(answer);
  answer.writeMessageEnd();
  answer.flush();
}
