import { exitStatuses } from './exit-status.js';

export interface HelpTopic {
  readonly name: string;
  readonly summary: string;
  readonly text: () => string;
}

function exitCodes(): string {
  const lines = Object.values(exitStatuses).map(
    ({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}\n`,
  );
  return `How a command ends, as its exit status:\n\n${lines.join('')}`;
}

const variables: readonly (readonly [string, string])[] = [
  ['PAY_SERVER', 'The server to talk to (https://127.0.0.1:8443).'],
  ['PAY_PROFILE', 'The profile to use instead of the current one.'],
  ['PAY_TOKEN', 'A token to use instead of a session, for scripts.'],
  ['PAY_CONFIG_DIR', "The folder of sessions, accepted servers and what is unsettled (the platform's)."],
  ['PAY_CA', 'A PEM file with certificates that are trusted beside the known authorities.'],
  ['PAY_KEYCHAIN', 'off: keep tokens in a file that only you can read instead of the system keychain.'],
  ['NO_COLOR', 'No colours. FORCE_COLOR=1 gives colours even to a pipe.'],
  ['LC_ALL, LANG', 'How numbers are written for people. Piped output and JSON never change.'],
];

function environment(): string {
  const lines = variables.map(([name, meaning]) => `  ${name.padEnd(14)}  ${meaning}\n`);
  return `What the environment says; flags say more:\n\n${lines.join('')}`;
}

/** What `pay help` explains besides the commands. */
export const helpTopics: readonly HelpTopic[] = [
  { name: 'exit-codes', summary: 'what the exit status says', text: exitCodes },
  { name: 'environment', summary: 'the variables that are read', text: environment },
];
