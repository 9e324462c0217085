export interface AccountChoice {
  readonly server: string;
  readonly profileName?: string;
}

/** A command line without what says where and under which key. */
export interface CommandParts {
  /** Such as `send`, or `requests` and `accept`. */
  readonly verb: readonly string[];
  readonly operands: readonly string[];
  /** Flags with their values; undefined leaves one out, true is one without a value. */
  readonly flags: Readonly<Record<string, string | true | undefined>>;
  /** Whether the command asks nobody anyway, so that there is no --yes. */
  readonly isSilent?: true;
}

// The equals sign keeps a value that begins with a dash a value.
function flag(name: string, value: string | true | undefined): string[] {
  if (value === undefined) {
    return [];
  }
  if (value === true) {
    return [name];
  }
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

/**
 * The words of the command that does this again under its key, which does it at most once however often it is run; none
 * where the command finds its keys by itself.
 */
export function settleCommand(
  { verb, operands, flags, isSilent }: CommandParts,
  key: string | undefined,
  account: AccountChoice,
): string[] {
  return [
    'pay',
    ...verb,
    ...Object.entries(flags).flatMap(([name, value]) => flag(name, value)),
    ...flag('--key', key),
    ...(account.profileName === undefined
      ? flag('--server', account.server)
      : flag('--profile', account.profileName)),
    ...(isSilent ? [] : ['--yes']),
    ...(operands.some((operand) => operand.startsWith('-')) ? ['--'] : []),
    ...operands,
  ];
}
