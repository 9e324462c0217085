import { makeReadyToDevelop } from '../build/ready.js';
import { runAva, testFiles } from './run-ava.js';

const usage = `Which tests? Say a part of their path below test/, and what ava is to know after it:

    npm run test:one -- cli/send
    npm run test:one -- ledger/book --match '*balance*'
`;

/** A file may be named as it lies, as it is built, or by any part of its path. */
const wordsOf = (name) => name.replace(/^(\.\/)?(dist\/)?test\//, '').replace(/\.[jt]s$/, '');

const [name, ...words] = process.argv.slice(2);
if (name === undefined || name.startsWith('-')) {
  process.stderr.write(usage);
  process.exit(2);
}
const files = testFiles(wordsOf(name));
if (files.length === 0) {
  process.stderr.write(`No test file has "${wordsOf(name)}" in its path below test/.\n`);
  process.exit(2);
}
makeReadyToDevelop();
runAva([...files, ...words]);
