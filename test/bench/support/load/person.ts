import { readFileSync, writeFileSync } from 'node:fs';

/** A user with a session. */
export interface Person {
  readonly username: string;
  readonly token: string;
  readonly currency: string;
}

/** Writes who they are, a line each, for programs that cannot be handed them otherwise. */
export function writePeople(file: string, people: readonly Person[]): void {
  const lines = people.map(({ username, token, currency }) => `${username} ${token} ${currency}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
}

export function readPeople(file: string): readonly Person[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [username = '', token = '', currency = ''] = line.split(' ');
      return { username, token, currency };
    });
}
