/** An argument without the password of a URL in it. */
const withoutPassword = (argument: string): string =>
  argument
    .replace(/(postgres(?:ql)?:\/\/[^:@/?#]*):.*@/is, '$1@')
    .replaceAll(/([?&]password=)[^&#]*/gi, '$1***');

/** Has `ps` show this process without the passwords that it was called with: whoever is on the machine may look. */
export function hidePasswords(process: NodeJS.Process): void {
  const shown = process.argv.map(withoutPassword);
  if (shown.some((argument, index) => argument !== process.argv[index])) {
    process.title = ['pay-server', ...shown.slice(2)].join(' ');
  }
}
