import { makeReadyToDevelop } from '../build/ready.js';
import { runAva, testFiles } from './run-ava.js';

/** So many upgrades, in place of the two of the usual run. */
const upgrades = '24';

makeReadyToDevelop();
runAva([...testFiles('deploy/upgrades'), '--timeout=10m'], { PAY_UPGRADES: upgrades });
