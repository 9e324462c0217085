/** The own timestamp service cannot listen; the message says why and what to give instead. */
export class TimePortError extends Error {
  override readonly name = 'TimePortError';

  constructor(port: number, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const webmin = port === 10_000 ? ' (Webmin listens there, too)' : '';
    const known: Readonly<Record<string, string>> = {
      EADDRINUSE: `is in use${webmin}`,
      EACCES: 'may not be used by this user',
    };
    const why = (code && known[code]) ?? `cannot be listened on (${message})`;
    super(
      `Port ${port} on 127.0.0.1, for the timestamp service, ${why}. Choose another with --time-port (PAY_TIME_PORT), ` +
        '0 for a free one, or name a service that runs already with --time-address.',
      { cause },
    );
  }
}
