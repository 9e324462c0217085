import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { PrettyOptions, PrettyStream } from 'pino-pretty';

/** The stream that the lines go to: `process.stderr`, or any stream in a test. */
export interface LogStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly fd?: number;
}

/** Members that never belong in a log, at the top of a line and one and two levels into it. */
const secrets = ['authorization', 'password', 'currentPassword', 'newPassword', 'oneTimePassword', 'token'];
const redacted = ['', '*.', '*.*.'].flatMap((prefix) => secrets.map((name) => `${prefix}${name}`));

/** A logger that writes one JSON object a line, and lines for people where the stream is a terminal. */
export function makeLogger({ level, stream }: { level: string; stream: LogStream }): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: makeTimeMember(),
      redact: { paths: redacted, censor: '[redacted]' },
    },
    destinationOf(stream),
  );
}

/** Gives the member `time` of a line; its text is made once a millisecond, however many lines are written in it. */
function makeTimeMember(): () => string {
  let madeAt = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== madeAt) {
      madeAt = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

function destinationOf(stream: LogStream): DestinationStream {
  if (stream.isTTY) {
    // pino-pretty is loaded where there is somebody to please only: it takes longer than all the rest of the start.
    const require = createRequire(import.meta.url);
    const pretty: (options: PrettyOptions) => PrettyStream = require('pino-pretty');
    return pretty({ destination: stream as NodeJS.WriteStream, sync: true, translateTime: 'SYS:HH:MM:ss.l' });
  }
  // A request must not wait for whoever reads the log; what is left is flushed when the process ends.
  return stream.fd === undefined ? stream : pino.destination({ dest: stream.fd, sync: false });
}
