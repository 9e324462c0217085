import { Command, CommanderError } from 'commander';
import { DatabaseProblem } from '../db/database-problem.js';
import { type RunningServer, startServer } from './compose.js';
import { ConfigError, type Environment, readConfig, type ServerFlags } from './config.js';
import { steadyLogStream } from './log-stream.js';
import { type LogStream, makeLogger } from './logger.js';
import { CertificateError } from './tls/certificate-error.js';
import { readVersion } from './version.js';

/** What the command touches of its process. */
export interface ServerCommandContext {
  readonly stdout: {
    write(text: string): unknown;
    on?(event: 'error', listener: () => void): unknown;
  };
  readonly stderr: LogStream;
  readonly environment: Environment;
  /** Resolves when the process is asked to end. */
  readonly stopAsked: Promise<void>;
  /** Told once, when payments can be taken. */
  readonly onReady?: (server: RunningServer) => void;
}

/**
 * `pay-server`. Gives the exit status: 0 when asked to end, 1 when it cannot start or go on, 2 for arguments or settings
 * that are wrong.
 */
export async function runPayServer(args: readonly string[], context: ServerCommandContext): Promise<number> {
  let status = 0;
  // Whoever read what it says may be gone, or the disk full that it is written to: no reason to let down those who pay.
  context.stdout.on?.('error', () => {});
  context.stderr.on('error', () => {});
  const program = makeProgram(context, async (flags) => {
    status = await start(flags, context);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2;
    }
    throw error;
  }
  return status;
}

function makeProgram(context: ServerCommandContext, onStart: (flags: ServerFlags) => Promise<void>): Command {
  const program = new Command('pay-server')
    .description('The API server of pay, with its ledger and its timestamp service.')
    .version(readVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  program
    .command('start')
    .description('start the server; it stops on SIGTERM or Ctrl-C')
    .option('--data <folder>', 'where the database, the certificate and its key are kept (PAY_DATA_DIR)')
    .option('--host <address>', 'the address to listen on (PAY_HOST; default 127.0.0.1)')
    .option('--port <number>', 'the port to listen on, 0 for a free one (PAY_PORT; default 8443)')
    .option('--tls-cert <file>', 'a certificate to use instead of the own one (PAY_TLS_CERT)')
    .option('--tls-key <file>', 'its private key (PAY_TLS_KEY)')
    .option('--time-port <number>', 'the port of the own timestamp service (PAY_TIME_PORT; default 10000)')
    .option(
      '--time-address <host:port>',
      'a timestamp service elsewhere, instead of the own (PAY_TIME_ADDRESS)',
    )
    .option(
      '--database-url <path>',
      'the database file (PAY_DATABASE_URL; default pay.db in the data folder)',
    )
    .option('--conversion-url <url>', 'a conversion service elsewhere (PAY_CONVERSION_URL)')
    .option(
      '--opening-credit <money>',
      'what a new user is given (PAY_OPENING_CREDIT; default "1000.00 GBP")',
    )
    .action(onStart);
  return program;
}

/** What a start that failed says; undefined for a mistake of the program. */
function startProblem(error: unknown): string | undefined {
  if (error instanceof DatabaseProblem || error instanceof CertificateError) {
    return error.message;
  }
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is in use. Stop what uses it, or choose another with --port (or --time-port for the timestamp service).`;
  }
  if (code === 'EACCES' && port !== undefined) {
    return `Port ${port} may not be used by this user. Choose one from 1024 with --port.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `The address ${address ?? 'given'} is none of this machine. Choose another with --host.`;
  }
  return undefined;
}

async function start(flags: ServerFlags, context: ServerCommandContext): Promise<number> {
  const tell = (text: string) => context.stderr.write(`pay-server: ${text}\n`);
  // Whatever is made here holds money or keys: for this user's eyes only.
  process.umask(0o077);
  let server: RunningServer;
  let logger: ReturnType<typeof makeLogger>;
  try {
    const config = readConfig(flags, context.environment);
    logger = makeLogger({ level: config.logLevel, stream: steadyLogStream(context.stderr) });
    server = await startServer(config, logger);
  } catch (error) {
    const problem = error instanceof ConfigError ? error.message : startProblem(error);
    if (problem === undefined) {
      throw error;
    }
    tell(problem);
    return error instanceof ConfigError ? 2 : 1;
  }
  tell(`the fingerprint of its public key is ${server.fingerprint}`);
  const stopped = context.stopAsked.then(() => undefined);
  const whenReady = server.ready.then(() => {
    context.stdout.write(`pay-server ready ${server.url}\n`);
    context.onReady?.(server);
  });
  await Promise.race([whenReady, stopped]);
  const broken = await Promise.race([stopped, server.broken]);
  if (broken !== undefined) {
    logger.fatal(
      { reason: broken },
      'stopping: what was being written when this happened is settled by the next start',
    );
  }
  await server.stop();
  return broken === undefined ? 0 : 1;
}
