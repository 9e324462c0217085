import { Failure } from '../failure/failure.js';
import { type Config, findProfile, type Profile } from './config-file.js';
import { defaultServer, serverAddress } from './server-address.js';

export interface AccountSources {
  readonly flags: { readonly server?: string; readonly profile?: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The server to talk to, and the profile whose session belongs there, if any. */
export interface Account {
  readonly server: string;
  /** The name asked for, or that of the profile found. */
  readonly profileName?: string;
  readonly profile?: Profile;
  /** The names of the profiles on this server, where it has several and nobody said which of them is meant. */
  readonly candidates?: readonly string[];
}

interface Given {
  readonly value: string;
  readonly source: string;
  readonly isFlag: boolean;
}

function given(
  flag: string | undefined,
  flagName: string,
  variable: string | undefined,
  name: string,
): Given | undefined {
  if (flag !== undefined) {
    return { value: flag, source: flagName, isFlag: true };
  }
  return variable ? { value: variable, source: name, isFlag: false } : undefined;
}

/** The account on a server that alone was named: the current profile or else the only one. Of several none is taken, as money would go from it. */
function onServer(config: Config, server: string): Account {
  const names = Object.keys(config.profiles).filter((name) => findProfile(config, name)?.server === server);
  const { current } = config;
  const [first, ...others] = current !== undefined && names.includes(current) ? [current] : names;
  if (others.length > 0) {
    return { server, candidates: names };
  }
  const profile = first === undefined ? undefined : findProfile(config, first);
  return first !== undefined && profile ? { server, profileName: first, profile } : { server };
}

function named(config: Config, name: Given, server: Given | undefined): Account {
  const profile = findProfile(config, name.value);
  const address = server && serverAddress(server.value, server.source);
  if (profile === undefined) {
    return { server: address ?? defaultServer, profileName: name.value };
  }
  // A flag says more than the environment: then the other one is not meant for this command.
  if (address !== undefined && address !== profile.server && (server?.isFlag || !name.isFlag)) {
    throw new Failure(
      'usage',
      `${name.source} ${name.value} is a profile on ${profile.server}, but ${server?.source} says ${address}.`,
      { next: ['Leave one of the two out, or see `pay profiles list`.'] },
    );
  }
  return { server: profile.server, profileName: name.value, profile };
}

/**
 * Which account a command is about: flags beat environment beats the current profile. A session is only ever
 * given for the server that it came from.
 * @throws Failure (usage) where they contradict each other.
 */
export function chooseAccount(config: Config, { flags, environment }: AccountSources): Account {
  const server = given(flags.server, '--server', environment.PAY_SERVER, 'PAY_SERVER');
  const name = given(flags.profile, '--profile', environment.PAY_PROFILE, 'PAY_PROFILE');
  const address = server && serverAddress(server.value, server.source);
  const isElsewhere = name && address !== undefined && findProfile(config, name.value)?.server !== address;
  if (name && !(isElsewhere && server?.isFlag && !name.isFlag)) {
    return named(config, name, server);
  }
  if (address !== undefined) {
    return onServer(config, address);
  }
  const profile = config.current === undefined ? undefined : findProfile(config, config.current);
  return config.current !== undefined && profile
    ? { server: profile.server, profileName: config.current, profile }
    : { server: defaultServer };
}
