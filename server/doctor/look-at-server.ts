import type { X509Certificate } from 'node:crypto';
import { openMaker } from '../../db/connect.js';
import { isPostgres } from '../../db/postgres/place.js';
import { countWriters } from '../../db/postgres/writers/locks.js';
import type { RunningState } from '../compose/running-server.js';
import type { Settings } from '../settings.js';
import { askServer } from './ask-server.js';
import { doubtful, type Finding, right, wrong } from './finding.js';
import type { Situation } from './situation.js';

const server = 'server';

export interface SeenServer {
  readonly finding: Finding;
  /** The certificate that it shows its clients. */
  readonly shown: X509Certificate | undefined;
}

/** Where a server listens that does not say it: those of older versions. */
const usualUrl = ({ host, port }: Settings) => `https://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Whether a server of another data folder has the same database of PostgreSQL. */
async function isTakenElsewhere({ databasePath }: Settings): Promise<boolean> {
  if (!isPostgres(databasePath)) {
    return false;
  }
  const connection = openMaker(databasePath);
  try {
    const writers = await countWriters(connection).catch(() => 0);
    return writers > 0;
  } finally {
    await connection.destroy();
  }
}

function ofOther({ pid, about }: RunningState): Finding {
  const where = about === undefined ? '' : ` at ${about.url}`;
  const other = about?.database === undefined ? '' : `: ${about.database}`;
  return doubtful(
    server,
    `none runs on this database; process ${pid}${where} runs from this data folder on another one${other}`,
    'Give --database-url, or PAY_DATABASE_URL, as that server has it, to see how it is.',
  );
}

async function lookWithout(settings: Settings, elsewhere: RunningState | undefined): Promise<Finding> {
  if (elsewhere !== undefined) {
    return ofOther(elsewhere);
  }
  return (await isTakenElsewhere(settings))
    ? doubtful(
        server,
        'one of another data folder has this database',
        'Name the data folder of that one with --data to see how it is.',
      )
    : doubtful(server, 'none runs', 'systemctl start pay-server, or pay-server start.');
}

/** Whether the server runs, answers and takes payments. `running` is what it has left; undefined where none runs. */
export async function lookAtServer({
  settings,
  running,
  elsewhere,
}: Pick<Situation, 'settings' | 'running' | 'elsewhere'>): Promise<SeenServer> {
  if (running === undefined) {
    return { finding: await lookWithout(settings, elsewhere), shown: undefined };
  }
  const url = running.about?.url ?? usualUrl(settings);
  const who = `process ${running.pid} at ${url}`;
  try {
    const { status, detail, shown } = await askServer(url);
    const finding =
      status === 200
        ? right(server, `${who} takes payments`)
        : wrong(
            server,
            `${who} takes no payments: ${detail ?? `its answer is ${status}`}`,
            'It takes them again by itself once that is mended.',
          );
    return { finding, shown };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      finding: wrong(
        server,
        `${who} does not answer (${code ?? message})`,
        'Look into its log (journalctl -u pay-server), then start it again.',
      ),
      shown: undefined,
    };
  }
}
