import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The length from which on packing is worth it: shorter texts do not become smaller enough. */
const worthPacking = 500;

/** The mark of a packed text; no JSON begins with it. */
const packedMark = '=';

/** JSON as it is kept for good: a long one packed, as it says much the same many times. */
export function packText(json: string): string {
  return json.length < worthPacking ? json : packedMark + deflateRawSync(json).toString('base64');
}

/** The JSON that was packed, byte for byte. */
export function unpackText(packed: string): string {
  return packed.startsWith(packedMark)
    ? inflateRawSync(Buffer.from(packed.slice(packedMark.length), 'base64')).toString()
    : packed;
}
