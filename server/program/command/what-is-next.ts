import wrapAnsi from 'wrap-ansi';
import type { RunningServer } from '../../compose/start-server.js';

/** The server that the command line asks when nothing else is said. */
const usualUrl = 'https://127.0.0.1:8443';

/**
 * The flag, with a blank before it, by which the command line finds this server from its own machine; nothing where it asks it anyway.
 * One that listens on every address is asked on this machine's own.
 */
export function serverFlag(url: string): string {
  const here = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  return here === usualUrl ? '' : ` --server ${here}`;
}

const usualColumns = 80;
/** In less room a command and its explanation cannot stand beside one another. */
const leastRoom = 16;

/**
 * The commands that whoever has started a server types next. `pay` is the command line as it is called there, `columns` the width of
 * the terminal.
 */
export function whatIsNext(
  { url, fingerprint }: Pick<RunningServer, 'url' | 'fingerprint'>,
  pay: string,
  columns = usualColumns,
): string {
  const server = serverFlag(url);
  const width = `${pay} send bob 10${server}`.length;
  const indent = ' '.repeat(4 + width + 2);
  const room = Math.max(leastRoom, columns - indent.length);
  const lines = [
    ['register', 'an account, with some money to begin with'],
    ['send bob 10', 'pay somebody who has registered, too'],
    ['help', 'everything else'],
  ].map(([words, text]) => {
    const command = `${pay} ${words}${words === 'help' ? '' : server}`;
    return `    ${command.padEnd(width)}  ${wrapAnsi(text ?? '', room).replaceAll('\n', `\n${indent}`)}\n`;
  });
  return (
    `\nThe server is up. In another terminal, in this folder:\n\n${lines.join('')}\n` +
    `The first command shows the key of the server. Compare it: it is\n    ${fingerprint}\n` +
    `Read the API at ${url}/docs. Stop with Ctrl-C.\n`
  );
}
