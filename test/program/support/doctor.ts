import assert from 'node:assert';
import type { Finding } from '../../../server/doctor/finding.js';
import { runPayServerInside } from './run-pay-server.js';

export interface Diagnosis {
  readonly status: number;
  readonly isSound: boolean;
  readonly findings: readonly Finding[];
  /** What was found of this part; the test fails where there is nothing. */
  of(subject: string): Finding;
}

async function findings(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  const { status, stdout, stderr } = await runPayServerInside([command, ...args, '--json'], { environment });
  assert.ok(stdout.endsWith('}\n'), stderr);
  const said: Pick<Diagnosis, 'isSound' | 'findings'> = JSON.parse(stdout);
  return {
    status,
    ...said,
    of: (subject) =>
      said.findings.find((finding) => finding.subject === subject) ?? assert.fail(`nothing of ${subject}`),
  };
}

export const diagnose = (args: readonly string[], environment?: Readonly<Record<string, string>>) =>
  findings('doctor', args, environment);

export const checkUpgrade = (args: readonly string[], environment?: Readonly<Record<string, string>>) =>
  findings('upgrade-check', args, environment);
