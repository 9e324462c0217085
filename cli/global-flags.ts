import { type Command, Option } from 'commander';
import type { GlobalFlags } from './context.js';

export const globalFlagsGroup = 'Everywhere:';

function globalOptions(): Option[] {
  return [
    new Option('--json', 'write JSON; errors, too, on stderr'),
    new Option('--fields <names>', 'write only these fields, as JSON'),
    new Option('--jq <filter>', 'write what this jq filter makes of the JSON'),
    new Option('--profile <name>', 'the account to use'),
    new Option('--server <address>', 'the server to talk to'),
    new Option('--code <digits>', 'a code of your second factor, where it is asked for'),
    new Option('--fingerprint <SHA256:…>', 'accept this key of the server'),
    new Option('--debug', 'show the exchange with the server'),
    new Option('--no-color', 'write without colours'),
  ].map((option) => option.helpGroup(globalFlagsGroup));
}

/** Gives a command the flags that stand before or after its name alike. */
export function addGlobalFlags(command: Command): void {
  for (const option of globalOptions()) {
    command.addOption(option);
  }
}

/** The global flags of a command and of those above it; what stands nearer to the command says more. */
export function globalFlagsOf(command: Command): GlobalFlags {
  const above = command.parent === null ? {} : globalFlagsOf(command.parent);
  const names = globalOptions().map((option) => option.attributeName());
  // What commander presets, such as colours, says nothing against what stands above.
  const own = Object.entries(command.opts()).filter(
    ([name]) => names.includes(name) && command.getOptionValueSource(name) === 'cli',
  );
  return { ...above, ...Object.fromEntries(own) };
}

/** The global flags as words before those of a command. A fingerprint, or a code, is for the command that it was given to alone. */
export function flagWords({ json, fields, jq, profile, server, debug, color }: GlobalFlags): string[] {
  return [
    ...(json ? ['--json'] : []),
    ...(color === false ? ['--no-color'] : []),
    ...(debug ? ['--debug'] : []),
    ...Object.entries({ fields, jq, profile, server }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    ),
  ];
}

/** Whether these flags ask for JSON; what narrows it does, too. */
export function asksForJson({ json, fields, jq }: GlobalFlags): boolean {
  return json === true || fields !== undefined || jq !== undefined;
}
