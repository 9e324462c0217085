import { Refusal } from '../../errors.js';
import type { Viewer } from '../contract/route.js';

/** Finds whose token it is; at once where that is known. */
export type Authenticate = (token: string) => Viewer | undefined | Promise<Viewer | undefined>;

/** RFC 6750 §2.1 with the scheme in any letter case, as RFC 9110 §11.1 has it. */
const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/**
 * The caller who sent this Authorization header; at once where that is known.
 * @throws Refusal UNAUTHENTICATED where it is missing, is of another scheme, or holds a token that nobody has.
 */
export function viewerOf(header: string | undefined, authenticate: Authenticate): Viewer | Promise<Viewer> {
  if (header === undefined) {
    throw new Refusal('UNAUTHENTICATED', 'Log in and send "Authorization: Bearer <token>".');
  }
  const token = bearer.exec(header)?.[1];
  if (token === undefined) {
    throw new Refusal('UNAUTHENTICATED', 'The Authorization header must read "Bearer <token>".');
  }
  const viewer = authenticate(token);
  return viewer instanceof Promise ? viewer.then(known) : known(viewer);
}

function known(viewer: Viewer | undefined): Viewer {
  if (viewer === undefined) {
    throw new Refusal(
      'UNAUTHENTICATED',
      'The token is not known, has expired or was logged out. Log in again.',
    );
  }
  return viewer;
}
