import { createHmac } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((char) => alphabet.indexOf(char).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** The step of time that it is. */
export const currentStep = () => Math.floor(Date.now() / 30_000);

/** The code of a secret in a step, as RFC 6238 has it, by another way than the server's. */
export function appCode(secret: string, step: number = currentStep()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A code that is wrong for some minutes around now. */
export function wrongCode(secret: string): string {
  const right = new Set(
    Array.from({ length: 60 }, (_, index) => appCode(secret, currentStep() - 30 + index)),
  );
  for (let code = 0; ; code += 1) {
    const text = String(code).padStart(6, '0');
    if (!right.has(text)) {
      return text;
    }
  }
}
