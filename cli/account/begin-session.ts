import type { SessionJson } from '../../server/features/sessions/wire.js';
import type { Context } from '../context.js';
import { saveSession } from './save-session.js';

/** Begins a session on the server and keeps it here; gives it with the name of its profile. */
export async function beginSession(
  context: Context,
  username: string,
  password: string,
): Promise<{ readonly session: SessionJson; readonly profile: string; readonly server: string }> {
  const api = await context.api();
  const session = await api.call('POST /v1/sessions', {
    body: { username, password },
    isAnonymous: true,
  });
  return { session, profile: await saveSession(context, api.server, session), server: api.server };
}
