import { isatty } from 'node:tty';

/**
 * Calls `reload` at each SIGHUP, as daemons do. One that comes because the terminal is gone, in which the process was
 * started, asks it to end instead, in order; then further ones, as a shell that ends sends them too, change nothing.
 */
export function onHangUp(reload: () => void): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  let isGone = false;
  const hangUp = () => {
    if (isGone) {
      return;
    }
    isGone = terminals.some((descriptor) => !isatty(descriptor));
    if (!isGone) {
      reload();
      return;
    }
    // Node's own end sets the terminal back and aborts where there is none: the signal ends the process before that.
    process.once('exit', () => {
      process.off('SIGHUP', hangUp);
      process.kill(process.pid, 'SIGHUP');
    });
    process.kill(process.pid, 'SIGTERM');
  };
  process.on('SIGHUP', hangUp);
}
