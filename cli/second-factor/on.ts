import { passwordLines } from '../account/password-stdin.js';
import type { Answer } from '../api/operation.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { isTooHigh } from '../terminal/screen.js';
import { show } from '../terminal/show.js';
import { joined, shown } from '../terminal/text/shown.js';

type Secret = Answer<'POST /v1/me/second-factor'>;

interface OnOptions {
  readonly passwordStdin?: true;
}

const mostTries = 3;

/** Whether it can be a code of the app. It is judged where it is typed: the secret was scanned by then, and another start makes another. */
const isAppCode = (answer: string) =>
  /^\d{6}$/.test(answer.replaceAll(/[\s-]/g, '')) || 'That is not the six digits that the app shows.';

async function askCode({ flags, prompts }: Context, isFirst: boolean): Promise<string> {
  const given = isFirst ? flags.code : undefined;
  return (
    given ??
    (await prompts.text({ message: 'The code that the app shows:', flag: '--code', validate: isAppCode }))
  );
}

/** Confirms with a code, asked for again where it was wrong, and gives the recovery codes. @throws Failure after some tries */
async function confirm(context: Context): Promise<readonly string[]> {
  const api = await context.api();
  const { prompts, stderr } = context;
  for (let left = mostTries - 1; ; left -= 1) {
    const code = await askCode(context, left === mostTries - 1);
    try {
      const { recoveryCodes } = await api.call('POST /v1/me/second-factor/confirm', {
        body: { code },
        holdsCode: true,
        ifUnknown: [
          'See whether it is on: pay 2fa status',
          'For recovery codes, switch it off and on again.',
        ],
      });
      return recoveryCodes;
    } catch (error) {
      if (left === 0 || !prompts.canAsk || !isRefusedFor(error, 'SECOND_FACTOR_REQUIRED')) {
        throw error;
      }
      await prompts.show(shown`${stderr.pen.red('✗')} ${error.message}`);
    }
  }
}

/** Shows the recovery codes, once: for programs as JSON on stdout, else for the eye alone. */
async function showRecoveryCodes(context: Context, recoveryCodes: readonly string[]): Promise<void> {
  const { prompts, stderr, isJson } = context;
  if (isJson) {
    await show(context, { json: { recoveryCodes }, people: () => shown``, machine: () => [] });
    return;
  }
  const { pen } = stderr;
  await prompts.show(shown`${pen.green('✓')} Your second factor is on.
  Each of these codes works once where the app is lost. They are not shown again: print them, or keep them where you keep passwords.

${joined(
  recoveryCodes.map((code) => shown`  ${pen.bold(code)}`),
  '\n',
)}
`);
}

/**
 * Shows the secret to whoever has a camera, or types. The picture comes last, right above the question for the code: of one whose
 * upper lines have left the screen a camera reads nothing.
 */
async function showSecret({ prompts, stderr }: Context, { secret, uri }: Secret): Promise<void> {
  const { qrText } = await import('../terminal/qr-text.js');
  const qr = qrText(uri, stderr);
  const groups = stderr.pen.bold(secret.replaceAll(/.{4}(?=.)/g, '$& '));
  await prompts.show(
    qr === undefined || isTooHigh(shown`${qr}\n`, stderr)
      ? shown`Type this secret into an app that makes codes:\n\n  ${groups}\n`
      : shown`Scan this with an app that makes codes.\nOr type its secret: ${groups}\n\n${qr}`,
  );
}

async function currentPassword(context: Context, { passwordStdin }: OnOptions): Promise<string> {
  const [line = ''] = passwordStdin
    ? await passwordLines(context, 1)
    : [await context.prompts.secret({ message: 'Password:', flag: '--password-stdin' })];
  return line;
}

export const on: Run<OnOptions> = async (context, _operands, options) => {
  const { prompts } = context;
  prompts.gate(options.passwordStdin ? [] : ['--password-stdin']);
  // Without a session there is no sense in asking.
  await context.token();
  const body = { currentPassword: await currentPassword(context, options) };
  const api = await context.api();
  const begun = await api.call('POST /v1/me/second-factor', { body, ifUnknown: ['Begin again: pay 2fa on'] });
  if (!prompts.canAsk) {
    await show(context, {
      json: begun,
      people: () => shown`${begun.secret}\n${begun.uri}\n`,
      machine: () => [[begun.secret, begun.uri]],
    });
    const next = 'It is on once a code of the app has confirmed it: pay 2fa confirm --code 123456';
    await context.say(shown`${context.hint(next)}`);
    return;
  }
  await showSecret(context, begun);
  await showRecoveryCodes(context, await confirm(context));
};

export const confirmOn: Run<object> = async (context) => {
  context.prompts.gate(context.flags.code === undefined ? ['--code'] : []);
  await context.token();
  await showRecoveryCodes(context, await confirm(context));
};
