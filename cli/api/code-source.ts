import type { Prompts } from '../terminal/prompts/prompts.js';
import type { Screen } from '../terminal/screen.js';
import { shown } from '../terminal/text/shown.js';
import type { ApiParts } from './api.js';
import { failureOf } from './problem.js';

const mostQuestions = 3;

const isCode = (answer: string) =>
  /^(?:\d{6}|[a-z0-9]{24})$/i.test(answer.replaceAll(/[\s-]/g, '')) ||
  'That is neither the six digits that the app shows nor a recovery code.';

/** Codes of the second factor: the one that was given with the command, once, or what the person types who is asked for one. */
export function codeSource(
  { code }: { readonly code?: string },
  prompts: Prompts,
  { stderr }: { readonly stderr: Screen },
): ApiParts['code'] {
  let isGiven = false;
  return async (problem, asked) => {
    if (code !== undefined && !isGiven) {
      isGiven = true;
      return code;
    }
    if (!prompts.canAsk || asked >= mostQuestions) {
      return undefined;
    }
    if (problem.reason !== 'missing') {
      await prompts.show(shown`${stderr.pen.red('✗')} ${failureOf(403, problem).message}`);
    }
    return prompts.text({ message: 'Code of your second factor:', flag: '--code', validate: isCode });
  };
}
