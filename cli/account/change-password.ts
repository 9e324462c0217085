import type { Context } from '../context.js';

/** Changes the password; every other session and token ends. `token` is that of the session, where it is not the kept one. */
export async function changePassword(
  context: Context,
  passwords: { readonly currentPassword: string; readonly newPassword: string },
  token?: string,
): Promise<void> {
  const api = await context.api();
  await api.call('POST /v1/me/password', {
    body: passwords,
    ...(token !== undefined && { token }),
    ifUnknown: ['See which password is the right one: pay login'],
  });
}
