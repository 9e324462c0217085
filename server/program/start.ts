import type { Logger } from 'pino';
import { shownPlace } from '../../db/postgres/place.js';
import { makeServiceManager, makeTell } from '../../thrift/service-manager.js';
import { besideServer } from '../compose/beside-server.js';
import { type RunningServer, startServer } from '../compose/start-server.js';
import { givenSettings, readSettings } from '../read-settings.js';
import { type ServerFlags, type SettingName, settingTable } from '../settings.js';
import { unknownVariables } from '../unknown-variables.js';
import { readVersion } from '../version.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, variablesHelp } from './command/setting-options.js';
import { steadyLogStream } from './process/log-stream.js';
import { makeLogger } from './process/logger.js';
import { keepHeapsSmall } from './process/small-heaps.js';
import { beginReloading } from './reloading.js';

export function addStart({ program, context, act }: ServerProgram): void {
  const command = program.command('start').description('start the server; it stops on SIGTERM or Ctrl-C');
  addSettings(command, Object.keys(settingTable) as SettingName[])
    .addHelpText('after', variablesHelp())
    .action(act((flags: ServerFlags) => start(flags, context)));
}

async function start(flags: ServerFlags, context: ServerCommandContext): Promise<number> {
  keepHeapsSmall();
  let isStarting = true;
  const stopped = context.stopAsked().then(() => {
    if (isStarting) {
      context.stderr.write(
        'pay-server: it stops once it has started or knows that it cannot; Ctrl-C again, or another SIGTERM, ends it at once.\n',
      );
    }
    return undefined;
  });
  // A SIGHUP while the server starts is no end of it: service managers would take that for one in order, and start no other.
  let isReloadAsked = false;
  let reload = (): void => {
    isReloadAsked = true;
  };
  context.onHangUp?.(() => reload());
  const settings = readSettings(flags, context.environment);
  const logger = makeLogger({ level: settings.logLevel, stream: steadyLogStream(context.stderr) });
  const unknown = unknownVariables(context.environment);
  if (unknown.length > 0) {
    logger.warn(
      { variables: unknown },
      'these variables say nothing to pay-server: misspelt, or of another version? pay-server start --help names all',
    );
  }
  const server = await startServer(settings, logger);
  isStarting = false;
  try {
    const reloading = await beginReloading(server, {
      path: besideServer(settings),
      about: {
        version: readVersion(),
        url: server.url,
        time: server.time.address,
        database: shownPlace(settings.databasePath),
        settings: givenSettings(flags, context.environment),
      },
      logger,
    });
    reload = reloading.reload;
    if (isReloadAsked) {
      reload();
    }
    const status = await serve(server, context, stopped, logger);
    await reloading.end();
    return status;
  } finally {
    await server.stop();
  }
}

/** Says that the server is there, and when it is ready; resolves with the exit status once it has to stop. */
async function serve(
  server: RunningServer,
  { environment, stdout, stderr, onReady }: ServerCommandContext,
  stopped: Promise<undefined>,
  logger: Logger,
): Promise<number> {
  const manager = makeServiceManager({ environment, tell: makeTell((problem) => logger.warn(problem)) });
  const { isOwn, address } = server.time;
  stderr.write(
    `pay-server: the fingerprint of its public key is ${server.fingerprint}\n` +
      `pay-server: ${isOwn ? 'its timestamp service listens on' : 'it asks the timestamp service at'} ${address}\n`,
  );
  const whenReady = server.ready.then(() => {
    stdout.write(`pay-server ready ${server.url}\n`);
    logger.info({ url: server.url }, 'ready');
    manager.ready(server.ledgerAnswers);
    onReady?.(server);
  });
  await Promise.race([whenReady, stopped, server.broken]);
  const broken = await Promise.race([stopped, server.broken]);
  if (broken === undefined) {
    logger.info('stopping: what is in flight gets its answer');
  } else {
    logger.fatal(
      { reason: broken },
      'stopping: what was being written when this happened is settled by the next start',
    );
  }
  manager.stopping();
  return broken === undefined ? 0 : 1;
}
