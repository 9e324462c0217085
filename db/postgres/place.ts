import { shownUrl } from './cluster/hosts.js';

/** Where books are kept in PostgreSQL: a URL, which may hold a password and is not shown. */
export const isPostgres = (place: string): boolean => /^postgres(?:ql)?:/i.test(place);

/** A place of books as it is shown: a file by its path, a database of PostgreSQL without its password and parameters. */
export const shownPlace = (place: string): string => (isPostgres(place) ? shownUrl(place) : place);
