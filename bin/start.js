import { createRequire } from 'node:module';
import { makeReady } from './build/ready.js';

makeReady();
const { onHangUp, runPayServer, stopSignals } = createRequire(import.meta.url)('./bundle.cjs').loadBundle(
  'pay-server',
);

const { stdin, stdout, stderr, env } = process;

function sayWhatIsNext({ url, fingerprint }) {
  const server = url === 'https://127.0.0.1:8443' ? '' : ` --server ${url}`;
  stderr.write(`
pay is running. In another terminal, in this folder:

    bin/pay register${server}      an account, with some money to begin with
    bin/pay send bob 10${server}   pay somebody who has registered, too
    bin/pay help                   everything else

The first command shows the server's key; it is ${fingerprint}.
Read the API at ${url}/docs. Stop with Ctrl-C.
`);
}

process.exitCode = await runPayServer(['start', ...process.argv.slice(2)], {
  stdin,
  stdout,
  stderr,
  environment: { PAY_DATA_DIR: './data', ...env },
  stopAsked: stopSignals,
  onHangUp,
  onReady: sayWhatIsNext,
});
