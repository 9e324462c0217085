import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { readTls, TlsProblem } from './read-tls.js';
import { startTimeService, type TimeService, type TimeServiceOptions } from './service.js';
import type { ServiceManager } from './service-manager.js';

/** The parts of its process that the command touches. */
export interface CommandContext {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  /** Resolves when the process is asked to end. */
  ended: Promise<void>;
  /** Told when it is ready, and when it is about to end. */
  manager?: ServiceManager;
}

/**
 * `pay-time`: the timestamp service alone. Gives the exit status: 0 when asked to end, 1 where it cannot listen or has no
 * certificate to show, 2 for arguments that it does not know or that do not go together.
 */
export async function runPayTime(args: readonly string[], context: CommandContext): Promise<number> {
  const { stdout, stderr, ended } = context;
  const command = payTimeCommand(context);
  try {
    command.parse(wordsToRead(args), { from: 'user' });
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
  const flags = command.opts<Flags>();
  const misuse = misuseOf(flags);
  if (misuse !== undefined) {
    stderr.write(`pay-time: ${misuse}\n`);
    return 2;
  }
  let service: TimeService;
  try {
    service = await startTimeService(optionsOf(flags));
  } catch (error) {
    stderr.write(`pay-time: ${error instanceof TlsProblem ? error.message : listenProblem(error, flags)}\n`);
    return 1;
  }
  stdout.write(`pay-time ready ${joined(service)}\n`);
  // Whoever can look at this promise runs the loop that answers.
  context.manager?.ready(async () => {});
  await ended;
  context.manager?.stopping();
  await service.close();
  return 0;
}

/** What has no commands has no help command: the word means the flag. */
const wordsToRead = (args: readonly string[]): readonly string[] =>
  args.length === 1 && args[0] === 'help' ? ['--help'] : args;

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

const isLoopback = (host: string) => /^(?:localhost|::1|127(?:\.[0-9]+){3})$/i.test(host);

/** The misuse of flags that do not go together, and what to do. */
function misuseOf({ host, tlsCert, tlsKey }: Flags): string | undefined {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    return '--tls-cert and --tls-key go together: give both or neither.';
  }
  return tlsCert === undefined && !isLoopback(host)
    ? `at ${host} other machines can ask, and what they are told could be changed on the way: give --tls-cert and --tls-key, and the certificate to pay-server with --time-ca.`
    : undefined;
}

function optionsOf({ host, port, tlsCert, tlsKey }: Flags): TimeServiceOptions {
  const isPlain = tlsCert === undefined || tlsKey === undefined;
  return { host, port, ...(!isPlain && { tls: readTls(tlsCert, tlsKey) }) };
}

/** Resolves at the first SIGTERM or SIGINT of this process. */
export function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** The command, not yet run. */
export function payTimeCommand({ stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>): Command {
  return new Command('pay-time')
    .description(
      'Tells the time over Apache Thrift (buffered transport, binary protocol) until SIGTERM or SIGINT.',
    )
    .option('--host <host>', 'address to listen at', '127.0.0.1')
    .option('--port <port>', 'port to listen at, 0 for a free one', parsePort, 10_000)
    .option('--tls-cert <file>', 'certificate to show; then TLS is spoken, which other machines need')
    .option('--tls-key <file>', 'private key of the certificate')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nExamples:\n  pay-time\n  pay-time --host 0.0.0.0 --tls-cert time.crt --tls-key time.key\n',
    )
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  }
  return port;
}

function listenProblem(error: unknown, address: { host: string; port: number }): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `${joined(address)} is in use. End what listens there, or choose another port with --port.`;
    case 'EACCES':
      return `${joined(address)} may not be used by this user. Choose a port above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${address.host} is no address of this machine. Choose one with --host, such as 127.0.0.1.`;
    default:
      return `cannot listen at ${joined(address)}: ${message}`;
  }
}

function joined({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
