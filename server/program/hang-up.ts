import { isatty } from 'node:tty';

/**
 * Calls `reload` at each SIGHUP, as daemons do. One that comes because the terminal is gone, in which the process was
 * started, asks it to end instead.
 */
export function onHangUp(reload: () => void): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on('SIGHUP', () => {
    if (terminals.some((descriptor) => !isatty(descriptor))) {
      process.kill(process.pid, 'SIGTERM');
    } else {
      reload();
    }
  });
}
