import { join } from 'node:path';
import { withLock } from '../files/lock.js';
import { readJsonFile } from '../files/read-file.js';
import { writePrivateFile } from '../files/write-file.js';
import type { StoredSession } from './config-file.js';

const service = 'pay';
// A keychain that waits for somebody to unlock it must not hold the command for ever.
const keychainPatienceMs = 10_000;

export interface Credentials {
  /** Keeps a token and says where; never throws for want of a keychain. */
  keep(credentialId: string, token: string): Promise<StoredSession['store']>;
  /** The token, or undefined where it is gone. */
  find(place: StoredSession): Promise<string | undefined>;
  forget(place: StoredSession): Promise<void>;
}

interface Keychain {
  setPassword(password: string, signal?: AbortSignal): Promise<void>;
  getPassword(signal?: AbortSignal): Promise<string | null | undefined>;
  deletePassword(signal?: AbortSignal): Promise<unknown>;
}

async function keychainEntry(credentialId: string): Promise<Keychain> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  // Without the Secret Service, Linux would offer the kernel's keyring, which forgets at the next start.
  return new AsyncEntry(service, credentialId, { linux: { store: 'secret-service' } });
}

function tokensFile(folder: string) {
  const path = join(folder, 'credentials.json');
  return {
    async read(): Promise<Record<string, unknown>> {
      return (await readJsonFile(path)) ?? {};
    },
    async change(change: (tokens: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
      await withLock(join(folder, 'credentials.lock'), async () => {
        await writePrivateFile(path, `${JSON.stringify(change(await this.read()), null, 2)}\n`);
      });
    },
  };
}

/**
 * Where tokens are kept: in the system's keychain, and where there is none, or `useKeychain` is false, in a file that only its
 * owner can read.
 */
export function makeCredentials(folder: string, useKeychain: boolean): Credentials {
  const file = tokensFile(folder);
  const signal = () => AbortSignal.timeout(keychainPatienceMs);
  return {
    async keep(credentialId, token) {
      if (useKeychain) {
        try {
          const entry = await keychainEntry(credentialId);
          await entry.setPassword(token, signal());
          // Some keychains accept and forget; only what can be read back is kept.
          if ((await entry.getPassword(signal())) === token) {
            return 'keychain';
          }
        } catch {
          // No keychain, a locked one, or no native module for this platform: the file is the fallback.
        }
      }
      await file.change((tokens) => ({ ...tokens, [credentialId]: token }));
      return 'file';
    },
    async find({ credentialId, store }) {
      if (store === 'keychain') {
        const entry = await keychainEntry(credentialId);
        return (await entry.getPassword(signal()).catch(() => undefined)) ?? undefined;
      }
      const tokens = await file.read();
      const token = Object.hasOwn(tokens, credentialId) ? tokens[credentialId] : undefined;
      return typeof token === 'string' ? token : undefined;
    },
    async forget({ credentialId, store }) {
      if (store === 'keychain') {
        const entry = await keychainEntry(credentialId);
        await entry.deletePassword(signal()).catch(() => undefined);
        return;
      }
      await file.change((tokens) =>
        Object.fromEntries(Object.entries(tokens).filter(([id]) => id !== credentialId)),
      );
    },
  };
}
