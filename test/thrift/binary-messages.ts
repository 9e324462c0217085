/** Messages of Thrift's binary protocol, put together and taken apart by hand, so that the tests do not rest on the library. */

export const messageType = { call: 1, reply: 2, exception: 3, oneway: 4 } as const;
export const fieldType = { i32: 8, i64: 10, string: 11, struct: 12, map: 13, list: 15 } as const;

export interface Field {
  id: number;
  type: number;
  value: Buffer;
}

export interface Message {
  name: string;
  type: number;
  seqid: number;
  fields: Field[];
}

export function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function i64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.concat([i32(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function struct(fields: readonly Field[]): Buffer {
  const parts = fields.map(({ id, type, value }) =>
    Buffer.concat([Buffer.from([type, id >> 8, id & 255]), value]),
  );
  return Buffer.concat([...parts, Buffer.from([0])]);
}

export function message({ name, type, seqid, fields }: Message): Buffer {
  return Buffer.concat([i32(-2_147_418_112 | type), text(name), i32(seqid), struct(fields)]);
}

/** A call without arguments, or with some that the service does not know. */
export function call(name: string, seqid = 1, fields: Field[] = []): Buffer {
  return message({ name, type: messageType.call, seqid, fields });
}

/** The form that clients sent before messages carried a version. */
export function callWithoutVersion(name: string, seqid: number): Buffer {
  return Buffer.concat([text(name), Buffer.from([messageType.call]), i32(seqid), Buffer.from([0])]);
}

/** All whole messages, and how many bytes they took. */
export function messagesIn(bytes: Buffer): { messages: Message[]; byteCount: number } {
  const messages: Message[] = [];
  let byteCount = 0;
  for (;;) {
    const next = firstMessage(bytes.subarray(byteCount));
    if (next === undefined) {
      return { messages, byteCount };
    }
    messages.push(next.message);
    byteCount += next.byteCount;
  }
}

function firstMessage(bytes: Buffer): { message: Message; byteCount: number } | undefined {
  let at = 0;
  const take = (byteCount: number): Buffer => {
    if (at + byteCount > bytes.length) {
      throw new RangeError('not whole');
    }
    at += byteCount;
    return bytes.subarray(at - byteCount, at);
  };
  try {
    const version = take(4).readUInt32BE();
    const name = take(take(4).readInt32BE()).toString();
    const seqid = take(4).readInt32BE();
    const fields: Field[] = [];
    for (let type = take(1).readUInt8(); type !== 0; type = take(1).readUInt8()) {
      const id = take(2).readInt16BE();
      fields.push({ id, type, value: valueBytes(type, take) });
    }
    return { message: { name, type: version & 255, seqid, fields }, byteCount: at };
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

function valueBytes(type: number, take: (byteCount: number) => Buffer): Buffer {
  switch (type) {
    case fieldType.i32:
      return take(4);
    case fieldType.i64:
      return take(8);
    case fieldType.string:
      return take(take(4).readInt32BE());
    default:
      throw new Error(`no answer of this service holds a value of type ${type}`);
  }
}
