import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Keeps secrets so that the database alone, or a copy of it, gives none of them away. */
export interface Sealer {
  /** A secret as it is stored, for this user alone. */
  seal(secret: string, userId: number): string;
  /** The secret; undefined where it was sealed with a key that is not there, for another user, or was changed. */
  open(sealed: string, userId: number): string | undefined;
}

/** The name of a key, which a sealed secret says of the one that it takes. */
export const keyName = (key: Buffer): string => hash('sha256', key, 'hex').slice(0, 8);

/** The owner of a secret goes into the seal: in the row of another user it opens nothing. */
const ownerOf = (userId: number) => Buffer.from(`second factor of user ${userId}`);

/** Seals with the first of the keys, of 32 bytes each, by AES-256-GCM; what was sealed with any of them opens. */
export function makeSealer(keys: readonly [Buffer, ...Buffer[]]): Sealer {
  const byName = new Map(keys.map((key) => [keyName(key), key]));
  return {
    seal(secret, userId) {
      const [key] = keys;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(ownerOf(userId));
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return `${keyName(key)}.${sealed.toString('base64url')}`;
    },
    open(sealed, userId) {
      const [name = '', text = ''] = sealed.split('.');
      const key = byName.get(name);
      const bytes = Buffer.from(text, 'base64url');
      if (key === undefined || bytes.length < nonceBytes + tagBytes) {
        return undefined;
      }
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes))
        .setAAD(ownerOf(userId))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        const opened = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([opened, decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
