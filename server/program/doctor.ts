import { examine } from '../doctor/examine.js';
import type { Finding } from '../doctor/finding.js';
import { countOf, findingsText, isWrong } from '../doctor/report.js';
import { readSituation } from '../doctor/situation.js';
import type { ServerFlags, SettingName } from '../settings.js';
import { settingTable } from '../settings.js';
import { readVersion } from '../version.js';
import type { ServerProgram } from './command/server-command.js';
import { addSettings } from './command/setting-options.js';

type DoctorFlags = ServerFlags & { readonly json?: true };

const explanation = `
Marks: ✓ right; ! works, and should be looked at; ✗ wrong.
The settings are those of the running server, where one runs; else give them as to start.
Exit status: 0 when nothing is wrong, 1 when something is, 2 for settings that cannot be.
`;

export function addDoctor(server: ServerProgram): void {
  const { program, act } = server;
  const command = program
    .command('doctor')
    .description(
      'say on one page what is right and wrong with this installation, beside a running server or without one; nothing is changed',
    );
  addSettings(command, Object.keys(settingTable) as SettingName[])
    .option('--json', 'what was found as one JSON object')
    .addHelpText('after', explanation)
    .action(act((flags: DoctorFlags) => doctor(flags, server)));
}

function summary(findings: readonly Finding[]): string {
  const [wrong, doubtful] = [countOf(findings, 'wrong'), countOf(findings, 'doubtful')];
  const look = doubtful === 0 ? '' : `, and ${doubtful} to look at`;
  return wrong === 0 ? `Nothing is wrong${look}.` : `Wrong: ${wrong}${look}.`;
}

async function doctor({ json, ...flags }: DoctorFlags, { context, typed }: ServerProgram): Promise<number> {
  const situation = await readSituation(flags, context.environment);
  const findings = await examine(situation);
  const { settings, place } = situation;
  const isSound = !isWrong(findings);
  context.stdout.write(
    json
      ? `${JSON.stringify({ isSound, version: readVersion(), dataDir: settings.dataDir, database: place, findings })}\n`
      : `${findingsText(findings, { typed, columns: context.stdout.columns })}${summary(findings)}\n`,
  );
  return isSound ? 0 : 1;
}
