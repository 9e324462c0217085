/** Where books are kept in PostgreSQL: a URL, which may hold a password and is not shown. */
export const isPostgres = (place: string): boolean => /^postgres(?:ql)?:/i.test(place);

/** A place of books as it is shown: a file by its path, a database of PostgreSQL without its password and parameters. */
export function shownPlace(place: string): string {
  if (!isPostgres(place)) {
    return place;
  }
  if (!URL.canParse(place)) {
    return 'postgres://…';
  }
  const { username, host, pathname } = new URL(place);
  return `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`;
}
