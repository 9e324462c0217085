import { examineUpgrade } from '../doctor/examine-upgrade.js';
import { findingsText, isWrong } from '../doctor/report.js';
import { readSituation } from '../doctor/situation.js';
import { type ServerFlags, type SettingName, settingTable } from '../settings.js';
import { readVersion } from '../version.js';
import type { ServerProgram } from './command/server-command.js';
import { addSettings } from './command/setting-options.js';

type Flags = ServerFlags & { readonly json?: true };

const explanation = `
Run it with the new version, beside the server of the old one or when that is stopped.
Marks: ✓ right; ! may be as it is; ✗ has to be mended first.
Exit status: 0 when it may be upgraded, 1 when not, 2 for settings that cannot be.
`;

export function addUpgradeCheck(server: ServerProgram): void {
  const { program, act } = server;
  const command = program
    .command('upgrade-check')
    .description('say whether this version can take the place of the one before; nothing is changed');
  addSettings(command, Object.keys(settingTable) as SettingName[])
    .option('--json', 'what was found as one JSON object')
    .addHelpText('after', explanation)
    .action(act((flags: Flags) => checkUpgrade(flags, server)));
}

async function checkUpgrade({ json, ...flags }: Flags, { context, typed }: ServerProgram): Promise<number> {
  const situation = await readSituation(flags, context.environment);
  const findings = await examineUpgrade(situation, context.environment);
  const { settings, place } = situation;
  const isSound = !isWrong(findings);
  const verdict = isSound
    ? 'It may be upgraded: stop the server, then pay-server upgrade, then start it.'
    : 'Not yet: mend what is marked ✗ first.';
  context.stdout.write(
    json
      ? `${JSON.stringify({ isSound, version: readVersion(), dataDir: settings.dataDir, database: place, findings })}\n`
      : `${findingsText(findings, { typed, columns: context.stdout.columns })}${verdict}\n`,
  );
  return isSound ? 0 : 1;
}
