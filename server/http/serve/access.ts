import { Refusal } from '../../errors.js';
import { type Access, type Scope, scopesOf, type Viewer } from '../contract/route.js';

/**
 * Lets through whoever may use a route with this access.
 * @throws Refusal PASSWORD_CHANGE_REQUIRED or FORBIDDEN.
 */
export function checkAccess(access: Exclude<Access, { who: 'anyone' }>, viewer: Viewer): void {
  if (viewer.mustChangePassword && !(access.who === 'session' && access.evenWhenPasswordExpired)) {
    throw new Refusal('PASSWORD_CHANGE_REQUIRED', 'Set a new password first.');
  }
  if (access.who === 'session') {
    if (viewer.credential.kind !== 'session') {
      throw new Refusal(
        'FORBIDDEN',
        'This takes a session: log in with a password. A personal token cannot do it.',
        { see: 'logIn' },
      );
    }
    if ('role' in access) {
      requireAdmin(viewer);
    }
    return;
  }
  if (access.scope === 'admin') {
    requireAdmin(viewer);
  }
  for (const scope of scopesOf(access)) {
    if (!hasScope(viewer, scope)) {
      throw new Refusal('FORBIDDEN', `The token lacks the scope "${scope}".`, { see: 'logIn' });
    }
  }
}

function requireAdmin({ role }: Viewer): void {
  if (role !== 'admin') {
    throw new Refusal('FORBIDDEN', 'Only administrators may do this, and only while they are not frozen.');
  }
}

function hasScope(viewer: Viewer, scope: Scope): boolean {
  return viewer.credential.kind === 'session' || viewer.credential.scopes.includes(scope);
}
