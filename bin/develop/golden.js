import { makeReadyToDevelop } from '../build/ready.js';
import { runAva, testFiles } from './run-ava.js';

makeReadyToDevelop();
runAva(testFiles('golden.test'), { PAY_GOLDEN: 'write' });
process.stderr.write('What is written is what git diff shows now: look at every line of it.\n');
