import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { checkAmount, currencyCode } from '../terminal/amount.js';
import { moneyText } from '../terminal/money.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { typedAmount } from './typed-amount.js';

const convert: Run<object> = async (context, [amount, from, to]) => {
  const asked = await askMissing(
    { prompts: context.prompts },
    {
      amount: { value: amount, message: 'Amount:', flag: '<amount>' },
      from: { value: currencyCode(from), message: 'From currency:', flag: '<from>' },
      to: { value: currencyCode(to), message: 'To currency:', flag: '<to>' },
    },
  );
  const typed = await typedAmount(context, asked.amount, asked.from);
  checkAmount(typed, asked.from);
  const api = await context.api();
  const answer = await api.call('GET /conversion/{from}/{to}/{amount}', {
    params: { from: asked.from, to: asked.to, amount: typed },
    isAnonymous: true,
    ifNotFound: ['See the currencies: pay rates'],
  });
  const given = moneyText({ amount: answer.amount, currency: answer.from }, context.locale);
  const gives = moneyText({ amount: answer.converted, currency: answer.to }, context.locale);
  const { pen } = context.stdout;
  await show(context, {
    json: answer,
    people: () =>
      shown`${given} = ${pen.bold(gives)}\n${pen.dim(`rate ${answer.rate} of ${answer.ratesAsOf}`)}\n`,
    machine: () => [[answer.converted, answer.to, answer.rate]],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay convert 10 GBP USD', 'pay convert 1500 jpy eur --json'])
    .argument('[amount]', 'how much')
    .argument('[from]', 'the currency that the amount is in')
    .argument('[to]', 'the currency wanted')
    .action(start(convert));
}
