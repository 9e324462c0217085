// The form of a secret: a token, or a value whose name says that it is one.
const secret =
  /pay_(?:ses|pat)_|whsec_|--code\b|(?:password|passwd|token|secret|authorization|cookie)[^\s=:]*\s*[=:]/i;
// The commands of passwords, in which a word too many may be one.
const aboutPasswords: readonly string[] = ['login', 'register', 'password'];

/**
 * Whether a line may be written to the history: none that holds a secret or may hold one. A line that is no command may be
 * a password, typed where none was asked for; and one that begins with a space was meant not to be kept.
 * @param wasDone whether its command ended well
 */
export function belongsInHistory(
  line: string,
  command: string | undefined,
  names: readonly string[],
  wasDone: boolean,
): boolean {
  if (command === undefined || !names.includes(command) || /^\s/.test(line) || secret.test(line)) {
    return false;
  }
  return wasDone || !aboutPasswords.includes(command);
}
