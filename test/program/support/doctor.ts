import assert from 'node:assert';
import { PassThrough } from 'node:stream';
import type { Finding } from '../../../server/doctor/finding.js';
import { runPayServer } from '../../../server/program/pay-server.js';

export interface Diagnosis {
  readonly status: number;
  readonly isSound: boolean;
  readonly findings: readonly Finding[];
  /** What was found of this part; the test fails where there is nothing. */
  of(subject: string): Finding;
}

/** Runs a command of pay-server in this process, with no environment but this. */
export async function runHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  let stdout = '';
  const stderr = new PassThrough();
  const status = await runPayServer(args, {
    stdin: process.stdin,
    stdout: {
      write(text: string) {
        stdout += text;
      },
    },
    stderr,
    environment,
    stopAsked: () => new Promise(() => {}),
  });
  return { status, stdout, stderr: stderr.read()?.toString() ?? '' };
}

async function findings(
  command: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<Diagnosis> {
  const { status, stdout, stderr } = await runHere([command, ...args, '--json'], environment);
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
