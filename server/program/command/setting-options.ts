import type { Command } from 'commander';
import { type Setting, type SettingName, settingTable } from '../../settings.js';

const quoted = (text: string) => (text.includes(' ') ? `"${text}"` : text);

/** What holds where nobody sets it. */
const fallbackOf = ({ preset, otherwise }: Setting) => (preset === undefined ? otherwise : quoted(preset));

/** The help of a flag: what it decides, the variable that it beats, and what holds without either. */
function helpOf(setting: Setting): string {
  const { help, variable } = setting;
  const fallback = fallbackOf(setting);
  return `${help} (${variable}${fallback === undefined ? '' : `; default ${fallback}`})`;
}

/** The settings of where the books are: what every command on them is told. */
export const dataSettings = ['dataDir', 'databasePath'] as const;

/** Gives a command the flags of these settings. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const setting: Setting = settingTable[name];
    if (setting.flag !== undefined) {
      command.option(setting.flag, helpOf(setting));
    }
  }
  return command;
}

/** The help of the settings that have no flag. */
export function variablesHelp(): string {
  const others = Object.values<Setting>(settingTable).filter(({ flag }) => flag === undefined);
  const width = Math.max(...others.map(({ variable }) => variable.length));
  const lines = others.map(
    (setting) =>
      `  ${setting.variable.padEnd(width)}  ${setting.help.replaceAll('`', '')}; default ${fallbackOf(setting)}`,
  );
  return `\nFrom the environment alone:\n${lines.join('\n')}\n`;
}
