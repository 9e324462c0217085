// What the server names by its address has a command here.
const commands: Readonly<Record<string, string>> = {
  'GET /v1/admin/payments': 'pay admin payments',
  'GET /v1/admin/users': 'pay admin users',
  'GET /v1/currencies': 'pay rates',
  'GET /v1/notifications': 'pay notifications',
  'GET /v1/payments': 'pay history',
  'GET /v1/requests': 'pay requests --all',
  'GET /v1/tokens': 'pay tokens list',
  'GET /v1/webhooks': 'pay webhooks list',
  'POST /v1/me/password': 'pay password',
  'POST /v1/sessions': 'pay login',
};

const call = /\b(?:GET|POST|PUT|PATCH|DELETE) \/v1\/[\w/-]+/;

/**
 * What the server says to programs, for people at the command line: a last clause that names a call of the API is left out, and
 * the command that makes the call is what to do next.
 */
export function inOwnWords(text: string): { readonly text: string; readonly next: readonly string[] } {
  const found = call.exec(text);
  const command = found ? commands[found[0]] : undefined;
  if (found === null || command === undefined) {
    return { text, next: [] };
  }
  const before = text.slice(0, found.index);
  const clause = Math.max(before.lastIndexOf('; '), before.lastIndexOf('. '));
  if (clause < 0) {
    return { text: text.replace(call, `\`${command}\``), next: [] };
  }
  return { text: `${text.slice(0, clause)}${text.endsWith('.') ? '.' : ''}`, next: [`See: ${command}`] };
}
