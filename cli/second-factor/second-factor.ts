import type { Command } from 'commander';
import type { SecondFactorJson } from '../../server/features/enrolment/wire.js';
import { ownCurrency } from '../account/find-me.js';
import { secondFactorShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { withExamples } from '../help/help.js';
import type { JsonShape } from '../terminal/json-shape.js';
import { moneyText } from '../terminal/money.js';
import { show, showCard } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { localTime } from '../terminal/time.js';
import { confirmOn, on } from './on.js';

async function showFactor(context: Context, factor: SecondFactorJson): Promise<void> {
  const { since, above, recoveryCodesLeft } = factor;
  if (since === null) {
    await showCard(context, factor, [{ label: 'second factor', people: 'off' }]);
    await context.say(shown`${context.hint('Switch it on: pay 2fa on')}`);
    return;
  }
  await showCard(context, factor, [
    { label: 'second factor', people: 'on' },
    { label: 'since', people: () => localTime(since), machine: [since] },
    {
      label: 'asks above',
      people: () => (above === null ? 'no amount' : moneyText(above, context.locale)),
      machine: above === null ? ['none'] : [above.amount, above.currency],
    },
    { label: 'recovery codes left', people: String(recoveryCodesLeft) },
  ]);
}

const status: Run<object> = async (context) => {
  const api = await context.api();
  await showFactor(context, await api.call('GET /v1/me/second-factor'));
};

const ifUnknown = ['See how it stands: pay 2fa status'];

const above: Run<object> = async (context, [given = '']) => {
  const currency = await ownCurrency(context)();
  const wanted = given === 'none' ? null : { amount: await typedAmount(context, given, currency), currency };
  const api = await context.api();
  const body = { above: wanted };
  await showFactor(context, await api.call('PATCH /v1/me/second-factor', { body, ifUnknown }));
};

const off: Run<object> = async (context) => {
  const api = await context.api();
  await api.call('DELETE /v1/me/second-factor', { ifUnknown });
  await show(context, {
    json: { on: false },
    people: () => shown`${context.stdout.pen.green('✓')} Your second factor is off.\n`,
    machine: () => [['off']],
  });
};

const recoveryCodes: JsonShape = { recoveryCodes: 'value' };

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay 2fa status          whether it is on, and how many recovery codes are left',
    'pay 2fa on              shows a QR code for your app, and recovery codes once',
    'pay 2fa above 100       payments of more ask for a code, those of scripts, too',
    'pay 2fa above none      no payment asks for one; logging in does',
    'pay 2fa off --code 123456',
    'pay 2fa on --password-stdin --json < password.txt    without a terminal, before `pay 2fa confirm`',
    'pay 2fa confirm --code 123456 --json    switches it on, with a code of the app',
  ]);
  command.action(start(status, secondFactorShape));
  command
    .command('status')
    .summary('whether it is on, and what asks for a code')
    .action(start(status, secondFactorShape));
  command
    .command('on')
    .summary('use codes of an app besides your password')
    .option('--password-stdin', 'read the password from stdin instead of asking')
    .option('-y, --yes', 'do not ask')
    .action(
      start(on, (_options, prompts) => (prompts.canAsk ? recoveryCodes : { secret: 'value', uri: 'value' })),
    );
  command
    .command('confirm')
    .summary('switch on what was begun without a terminal')
    .option('-y, --yes', 'do not ask')
    .action(start(confirmOn, recoveryCodes));
  command
    .command('above')
    .summary('above which amount a payment asks for a code')
    .argument('<amount>', 'in your currency; none: no payment asks')
    .option('-y, --yes', 'do not ask')
    .action(start(above, secondFactorShape));
  command
    .command('off')
    .summary('switch it off, with a code')
    .option('-y, --yes', 'do not ask')
    .action(start(off, { on: 'value' }));
}
