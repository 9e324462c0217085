import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { moneyText } from '../terminal/money.js';
import { shown } from '../terminal/text/shown.js';
import { chooseCollection } from './choose-collection.js';
import { peopleText } from './remind.js';
import { showSummary } from './show-collection.js';

interface CloseOptions {
  readonly yes?: true;
}

/** Asks whether to close the collection; where nobody is left to let off there is nothing to ask. */
async function agree(context: Context, id: string): Promise<void> {
  const api = await context.api();
  const { name, counts } = await api.call('GET /v1/collections/{id}', { params: { id } });
  if (counts.pending === 0) {
    return;
  }
  const message = `Close ${name}? ${counts.pending} have not answered, and need not pay then.`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Not closed.');
  }
}

export const close: Run<CloseOptions> = async (context, [given], options) => {
  const id = await chooseCollection(context, given, 'Which one to close?');
  if (!options.yes && context.prompts.canAsk) {
    await agree(context, id);
  }
  const api = await context.api();
  const one = await api.call('POST /v1/collections/{id}/close', {
    params: { id },
    ifNotFound: ['See: pay collections --all'],
    ifUnknown: ['Close it again: it is the same however often it is closed.'],
  });
  const { name, counts, people, collected, cancelled } = one;
  const letOff = cancelled.length === 0 ? '' : `; ${peopleText(cancelled.length)} need not pay any more`;
  await context.say(
    shown`${context.stderr.pen.green('✓')} Closed ${name}: ${counts.paid} of ${people} have paid, ${moneyText(collected, context.locale)} came in${letOff}.`,
  );
  await showSummary(context, one, one);
};
