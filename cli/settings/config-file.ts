import { join } from 'node:path';
import { Failure } from '../failure/failure.js';
import { withLock } from '../files/lock.js';
import { readJsonFile } from '../files/read-file.js';
import { writePrivateFile } from '../files/write-file.js';

/** A session as it is stored: where its token is, never the token. */
export interface StoredSession {
  readonly credentialId: string;
  readonly store: 'keychain' | 'file';
  /** When the session ends, RFC 3339. */
  readonly expiresAt: string;
}

export interface Profile {
  readonly server: string;
  readonly username: string;
  readonly currency: string;
  readonly session?: StoredSession;
}

/** What the command line remembers between two commands. */
export interface Config {
  /** The profile that is used where nobody names another. */
  readonly current?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
  /** Fingerprints of the public keys that a person accepted, by server. */
  readonly pins: Readonly<Record<string, string>>;
  /** Whether the fallback from the system keychain to a file has been announced. */
  readonly fallbackAnnounced?: boolean;
}

type Json = Readonly<Record<string, unknown>>;

function entriesOf(value: unknown): [string, Json][] {
  return typeof value === 'object' && value !== null ? (Object.entries(value) as [string, Json][]) : [];
}

function profileFrom(name: string, json: Json, path: string): Profile {
  const { server, username, currency, session } = json;
  if (typeof server !== 'string' || typeof username !== 'string' || typeof currency !== 'string') {
    throw new Failure('usage', `The profile ${name} in ${path} is damaged.`, {
      next: [`Mend it, or remove it from the file and log in again: pay login`],
    });
  }
  const { credentialId, store, expiresAt } = (session ?? {}) as Json;
  const isSession = typeof credentialId === 'string' && typeof expiresAt === 'string';
  return {
    server,
    username,
    currency,
    ...(isSession && {
      session: { credentialId, store: store === 'keychain' ? 'keychain' : 'file', expiresAt },
    }),
  };
}

function configFrom(json: Json, path: string): Config {
  // Entries are made anew, so that a profile called "__proto__" is a profile.
  const profiles = entriesOf(json.profiles).map(([name, profile]) => [
    name,
    profileFrom(name, profile, path),
  ]);
  const pins = entriesOf(json.pins).flatMap(([server, pin]) =>
    typeof pin === 'string' ? [[server, pin] as const] : [],
  );
  return {
    ...(typeof json.current === 'string' && { current: json.current }),
    profiles: Object.fromEntries(profiles),
    pins: Object.fromEntries(pins),
    ...(json.fallbackAnnounced === true && { fallbackAnnounced: true }),
  };
}

function pathOf(folder: string): string {
  return join(folder, 'config.json');
}

/** The configuration of this folder; an empty one where there is no file yet. */
export async function readConfig(folder: string): Promise<Config> {
  return configFrom((await readJsonFile(pathOf(folder))) ?? {}, pathOf(folder));
}

/** Changes what is remembered, one command at a time, so that two at once lose nothing of each other. */
export async function updateConfig(folder: string, change: (config: Config) => Config): Promise<Config> {
  return await withLock(join(folder, 'config.lock'), async () => {
    const changed = change(await readConfig(folder));
    await writePrivateFile(pathOf(folder), `${JSON.stringify({ version: 1, ...changed }, null, 2)}\n`);
    return changed;
  });
}

/** The profile of this name, own properties only. */
export function findProfile(config: Config, name: string): Profile | undefined {
  return Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
}

/** The configuration with one profile put in or replaced. */
export function withProfile(config: Config, name: string, profile: Profile): Config {
  return { ...config, profiles: { ...config.profiles, [name]: profile } };
}

/** The configuration with one server's fingerprint remembered. */
export function withPin(config: Config, server: string, fingerprint: string): Config {
  return { ...config, pins: { ...config.pins, [server]: fingerprint } };
}
