import { parseArgs } from 'node:util';
import { makeReadyToDevelop } from '../build/ready.js';
import { runAva, testFiles } from './run-ava.js';

/** How often a cluster is made and its primary lost, one after the other. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '1' } } });

makeReadyToDevelop();
runAva([...testFiles('deploy/patroni'), `--timeout=${5 * Number(values.runs)}m`], {
  PAY_CLUSTER_RUNS: values.runs,
});
