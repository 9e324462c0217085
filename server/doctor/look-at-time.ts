import { connectTime, type TimeServiceAddress } from '../../thrift/client.js';
import { machineMicros, timeText } from '../clock.js';
import { usualTimeAddress } from '../compose/time-source.js';
import { timeProblem } from '../ledger/settle-time.js';
import type { Settings } from '../settings.js';
import { doubtful, type Finding, right, wrong } from './finding.js';
import { spanText } from './words.js';

export const time = 'time';

/** So much the service and this machine may be apart before somebody should look, in microseconds. */
const noticedMicros = 1_000_000;

interface TimeParts {
  readonly settings: Pick<Settings, 'timeAddress' | 'timePort' | 'timeCaPath'>;
  /** `host:port` of the service that the running server asks; undefined where none runs. */
  readonly running: string | undefined;
  /** The time of the newest payment, in microseconds since 1970. */
  readonly newestMicros: number;
}

/** The service's time less this machine's, in microseconds, as of the middle of the call. Rejects with TimeUnavailable. */
async function askOffset(address: TimeServiceAddress): Promise<{ answered: number; machine: number }> {
  const client = connectTime({ ...address, deadlineMs: 2_000 });
  try {
    const before = machineMicros();
    const answered = await client.currentTimeMicros();
    return { answered, machine: (before + machineMicros()) / 2 };
  } finally {
    client.close();
  }
}

/** What helps where no clock is wrong any more, but one was ahead when somebody paid. */
const remedyAhead =
  'If none is wrong now, that payment was made under one that was ahead: payments go on when its time has come, or in a backup from before it (pay-server restore).';

function judge(answered: number, { newestMicros }: TimeParts, machine: number, where: string): Finding {
  const problem = timeProblem(answered, newestMicros, machine);
  if (problem !== undefined) {
    return wrong(
      time,
      `${problem.why.replace(/\.$/, '')}: no payment is taken`,
      `Set the clocks right (timedatectl), this one and that of the service.${newestMicros > machine ? ` ${remedyAhead}` : ''}`,
    );
  }
  const apart = answered - machine;
  const text = `${where}, ${(Math.abs(apart) / 1_000).toFixed(0)} ms ${apart < 0 ? 'behind' : 'ahead of'} this machine`;
  return Math.abs(apart) > noticedMicros
    ? doubtful(
        time,
        `${where} is ${spanText(Math.abs(apart) / 1_000)} ${apart < 0 ? 'behind' : 'ahead of'} this machine’s clock`,
        'Have both follow the same time (timedatectl set-ntp true); from five minutes on no payment is taken.',
      )
    : right(time, text);
}

const addressOf = (text: string): TimeServiceAddress => {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
};

/** Whether the timestamp service answers, and with a time that payments can carry. Throws CertificateError where its authority cannot be read. */
export async function lookAtTime(parts: TimeParts): Promise<Finding> {
  const { settings, running, newestMicros } = parts;
  const isOwn = settings.timeAddress === undefined;
  const isPinned = settings.timeCaPath !== undefined;
  if (isOwn && running === undefined) {
    const machine = machineMicros();
    return timeProblem(machine, newestMicros, machine) === undefined
      ? right(time, 'the server’s own service starts with it')
      : wrong(
          time,
          `this machine’s clock is behind the newest payment of ${timeText(newestMicros)}: no payment would be taken`,
          `Set the clock right (timedatectl). ${remedyAhead}`,
        );
  }
  const address = isOwn && running !== undefined ? addressOf(running) : await usualTimeAddress(settings);
  const shown = `${address.host}:${address.port}`;
  try {
    const { answered, machine } = await askOffset(address);
    return judge(answered, parts, machine, `the timestamp service at ${shown}`);
  } catch (error) {
    return wrong(
      time,
      `${(error as Error).message}: no payment is taken`,
      isOwn
        ? 'Start the server again, and look into its log.'
        : `Look whether pay-time runs there${isPinned ? ', with a certificate that --time-ca (PAY_TIME_CA) holds' : ''}, and whether a firewall lets this machine through.`,
    );
  }
}
