import { startServer } from '../compose/start-server.js';
import { readConfig, type ServerFlags } from '../settings.js';
import { addDataOptions } from './data-options.js';
import { steadyLogStream } from './log-stream.js';
import { makeLogger } from './logger.js';
import type { ServerCommandContext, ServerProgram } from './server-command.js';

export function addStart({ program, context, act }: ServerProgram): void {
  addDataOptions(program.command('start').description('start the server; it stops on SIGTERM or Ctrl-C'))
    .option('--host <address>', 'the address to listen on (PAY_HOST; default 127.0.0.1)')
    .option('--port <number>', 'the port to listen on, 0 for a free one (PAY_PORT; default 8443)')
    .option('--tls-cert <file>', 'a certificate to use instead of the own one (PAY_TLS_CERT)')
    .option('--tls-key <file>', 'its private key (PAY_TLS_KEY)')
    .option('--time-port <number>', 'the port of the own timestamp service (PAY_TIME_PORT; default 10000)')
    .option(
      '--time-address <host:port>',
      'a timestamp service elsewhere, instead of the own (PAY_TIME_ADDRESS)',
    )
    .option('--conversion-url <url>', 'a conversion service elsewhere (PAY_CONVERSION_URL)')
    .option(
      '--opening-credit <money>',
      'what a new user is given (PAY_OPENING_CREDIT; default "1000.00 GBP")',
    )
    .action(act((flags: ServerFlags) => start(flags, context)));
}

async function start(flags: ServerFlags, context: ServerCommandContext): Promise<number> {
  const stopped = context.stopAsked().then(() => undefined);
  const config = readConfig(flags, context.environment);
  const logger = makeLogger({ level: config.logLevel, stream: steadyLogStream(context.stderr) });
  const server = await startServer(config, logger);
  context.stderr.write(`pay-server: the fingerprint of its public key is ${server.fingerprint}\n`);
  const whenReady = server.ready.then(() => {
    context.stdout.write(`pay-server ready ${server.url}\n`);
    logger.info({ url: server.url }, 'ready');
    context.onReady?.(server);
  });
  await Promise.race([whenReady, stopped]);
  const broken = await Promise.race([stopped, server.broken]);
  if (broken === undefined) {
    logger.info('stopping: what is in flight gets its answer');
  } else {
    logger.fatal(
      { reason: broken },
      'stopping: what was being written when this happened is settled by the next start',
    );
  }
  await server.stop();
  return broken === undefined ? 0 : 1;
}
