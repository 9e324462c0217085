import { type Api, makeApi } from './api/api.js';
import { codeSource } from './api/code-source.js';
import { debugTransport } from './api/debug.js';
import type { Transport } from './api/transport.js';
import { acceptServer } from './api/trust/accept-server.js';
import { extraAuthorities } from './api/trust/authorities.js';
import { readFingerprint } from './api/trust/fingerprint.js';
import type { TrustRule } from './api/trust/trust-rule.js';
import type { CommandLine, Context, GlobalFlags, Runtime } from './context.js';
import { Failure } from './failure/failure.js';
import { asksForJson } from './global-flags.js';
import { type Account, chooseAccount } from './settings/account.js';
import { type Config, readConfig, updateConfig, withPin } from './settings/config-file.js';
import { type Credentials, makeCredentials } from './settings/credentials.js';
import { configFolder } from './settings/folder.js';
import { hintFor } from './settings/hint-for.js';
import { noSession } from './settings/no-session.js';
import type { SharedResources } from './shared-resources.js';
import type { JqFilter } from './terminal/jq.js';
import { checkFields, type JsonShape } from './terminal/json-shape.js';
import { readerLocale } from './terminal/money.js';
import { makeProgress } from './terminal/progress.js';
import { makePrompts, type Prompts } from './terminal/prompts/prompts.js';
import { talkText } from './terminal/talk.js';
import { wordsAsCalled } from './terminal/text/as-called.js';
import { type Shown, shown } from './terminal/text/shown.js';
import { version } from './version.js';

/** The value of the first call, for every later one. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function givenFingerprint(flags: GlobalFlags): string | undefined {
  if (flags.fingerprint === undefined) {
    return undefined;
  }
  const fingerprint = readFingerprint(flags.fingerprint);
  if (fingerprint === undefined) {
    throw new Failure('usage', `--fingerprint ${flags.fingerprint} is not a fingerprint.`, {
      next: ['Copy it whole from what `pay-server start` prints: SHA256: and 43 characters'],
    });
  }
  return fingerprint;
}

interface ConnectionParts {
  readonly folder: string;
  readonly keepsConnection: boolean;
  readonly shared: SharedResources | undefined;
  readonly prompts: Prompts;
  readonly account: () => Promise<Account>;
  readonly token: () => Promise<string>;
  readonly changed: (look: readonly string[]) => void;
}

async function trustRule(
  runtime: Runtime,
  folder: string,
  server: string,
  fingerprint?: string,
): Promise<TrustRule> {
  const { pins } = await readConfig(folder);
  const pin = Object.hasOwn(pins, server) ? pins[server] : undefined;
  return {
    authorities: await extraAuthorities(runtime.environment),
    environment: runtime.environment,
    ...(pin !== undefined && { pin }),
    ...(fingerprint !== undefined && { fingerprint }),
  };
}

/** A transport that remembers a fingerprint given with the command as soon as the server has shown it. */
function pinning(transport: Transport, remember: () => Promise<void>): Transport {
  let remembered: Promise<void> | undefined;
  return {
    async send(exchange) {
      const answer = await transport.send(exchange);
      remembered ??= remember();
      await remembered;
      return answer;
    },
    close: () => transport.close(),
  };
}

/** Which way to the server a command takes; only that one is loaded. */
async function makeTransport(
  { keepsConnection, shared }: ConnectionParts,
  server: string,
  rule: () => Promise<TrustRule>,
  { signal }: Runtime,
  isGivenFingerprint: boolean,
): Promise<Transport> {
  if (keepsConnection) {
    const { makeUndiciTransport } = await import('./api/undici-transport.js');
    return makeUndiciTransport(server, rule, signal);
  }
  // Whoever gives a fingerprint wants this command judged by it, and not by what let others pass.
  if (shared && !isGivenFingerprint) {
    return shared.transport(server, rule);
  }
  const { makeHttpsTransport } = await import('./api/https-transport.js');
  return makeHttpsTransport(server, rule, signal);
}

async function connectApi(runtime: Runtime, flags: GlobalFlags, parts: ConnectionParts): Promise<Api> {
  const { server } = await parts.account();
  const { stderr, signal, spinnerAfterMs = 300 } = runtime;
  const fingerprint = givenFingerprint(flags);
  const pin = async (accepted: string) => {
    await updateConfig(parts.folder, (config) => withPin(config, server, accepted));
  };
  const rule = () => trustRule(runtime, parts.folder, server, fingerprint);
  const plain = await makeTransport(parts, server, rule, runtime, fingerprint !== undefined);
  const pinned = fingerprint === undefined ? plain : pinning(plain, () => pin(fingerprint));
  const progress = makeProgress({ screen: stderr, afterMs: spinnerAfterMs, isQuiet: flags.debug === true });
  const tell = (line: string) => void stderr.write(shown`${line}\n`);
  return makeApi({
    server,
    transport: flags.debug ? debugTransport(pinned, server, tell) : pinned,
    token: parts.token,
    accept: (distrust) => acceptServer({ server, distrust, prompts: parts.prompts, pin }),
    code: codeSource(flags, parts.prompts, runtime),
    changed: parts.changed,
    progress: (work, task = `waiting for ${new URL(server).host}`) => progress(work, task),
    signal,
    userAgent: `pay/${version()}`,
  });
}

type Environment = Runtime['environment'];

/** The environment without the token, where a flag says that the session of a profile is meant. */
function withoutOverridden({ PAY_TOKEN, ...environment }: Environment, flags: GlobalFlags): Environment {
  return flags.profile === undefined && PAY_TOKEN !== undefined ? { ...environment, PAY_TOKEN } : environment;
}

async function findToken(
  environment: Environment,
  flags: GlobalFlags,
  { account, config, find }: { account: Account; config: () => Promise<Config>; find: Credentials['find'] },
): Promise<string> {
  // A file that a token was read from ends with a line break.
  const given = environment.PAY_TOKEN?.trim();
  if (given) {
    return given;
  }
  const session = account.profile?.session;
  const token = session && (await find(session));
  if (token === undefined) {
    throw noSession(account, await config(), flags);
  }
  return token;
}

async function readFilter(text: string): Promise<JqFilter> {
  const { readJqFilter } = await import('./terminal/jq.js');
  return await readJqFilter(text);
}

export interface OpenContext {
  readonly context: Context;
  /** How to see what the command has changed last, under no key; undefined where it has changed nothing. */
  readonly changed: () => readonly string[] | undefined;
  /** Closes the connection, if there came to be one. */
  readonly close: () => Promise<void>;
}

export interface ContextParts {
  /** Whether the command keeps a connection of its own for long, or asks a few things and ends. */
  readonly keepsConnection: boolean;
  readonly commandLine: CommandLine;
  /** What it shares with the other commands of a shell. */
  readonly shared: SharedResources | undefined;
  /** The shape of the JSON that it writes, by who reads it; where it is not known beforehand, none. */
  readonly answer?: (prompts: Prompts) => JsonShape | undefined;
}

/**
 * The context of one command. Nothing is read or connected before the command asks for it; what --jq and --fields say is read at
 * once. @throws Failure (usage)
 */
export async function makeContext(
  runtime: Runtime,
  flags: GlobalFlags,
  { keepsConnection, commandLine, shared, answer }: ContextParts,
): Promise<OpenContext> {
  const folder = await configFolder(runtime.environment);
  const { stderr } = runtime;
  const environment = withoutOverridden(runtime.environment, flags);
  const isJson = asksForJson(flags);
  const filter = flags.jq === undefined ? undefined : await readFilter(flags.jq);
  const prompts = makePrompts(runtime);
  const shape = answer?.(prompts);
  checkFields(shape ?? 'anything', flags.fields);
  const credentials = makeCredentials(folder, environment.PAY_KEYCHAIN !== 'off');
  const config = once<Config>(() => (shared ? shared.config() : readConfig(folder)));
  const find = shared?.token ?? credentials.find;
  const account = once<Account>(async () => chooseAccount(await config(), { flags, environment }));
  const token = once(async () => findToken(environment, flags, { account: await account(), config, find }));
  const say = async (text: Shown) => {
    if (!isJson) {
      await stderr.write(shown`${await talkText(text, stderr)}\n`);
    }
  };
  let locale: { readonly name: string | undefined } | undefined;
  let lookAtChange: readonly string[] | undefined;
  let connected: Promise<Api> | undefined;
  const api = () => {
    const changed = (look: readonly string[]) => {
      lookAtChange = look;
    };
    const connection = { folder, keepsConnection, shared, prompts, account, token, changed };
    connected ??= connectApi(runtime, flags, connection);
    return connected;
  };
  return {
    context: {
      ...runtime,
      environment,
      commandLine,
      flags,
      folder,
      isJson,
      areFieldsChecked: shape !== undefined,
      filter,
      // The locale is asked for when an amount is written for people: the first answer of Intl takes a tenth of the whole
      // start.
      get locale() {
        locale ??= { name: readerLocale(environment) };
        return locale.name;
      },
      prompts,
      credentials,
      config,
      account,
      token,
      api,
      hint: (text) => wordsAsCalled(hintFor(flags, text), runtime.calledAs),
      say,
      async page(text) {
        const { pageText } = await import('./terminal/pager.js');
        await pageText(runtime, text);
      },
    },
    changed: () => lookAtChange,
    close: async () => (await connected?.catch(() => undefined))?.close(),
  };
}
