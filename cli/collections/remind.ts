import type { Run } from '../command.js';
import { tooEarly } from '../requests/too-early.js';
import { shown } from '../terminal/text/shown.js';
import { chooseCollection } from './choose-collection.js';
import { showSummary } from './show-collection.js';

/** So many people, as a sentence counts them. */
export const peopleText = (count: number) => (count === 1 ? 'one person' : `${count} people`);

export const remind: Run<object> = async (context, [given]) => {
  const id = await chooseCollection(context, given, 'Which one to bring to mind?');
  const api = await context.api();
  const about = { params: { id }, ifNotFound: ['See: pay collections --all'] };
  const one = await api.call('POST /v1/collections/{id}/remind', about).catch((error: unknown) => {
    throw tooEarly(error, 'They were reminded less than a day ago.', context.now());
  });
  const { reminded } = one;
  await context.say(
    reminded.length === 0
      ? shown`Nobody is left who could be reminded now.`
      : shown`${context.stderr.pen.green('✓')} Reminded ${peopleText(reminded.length)}: ${reminded.join(', ')}.`,
  );
  await showSummary(context, one, one);
};
