import type { Target } from '../api/operation.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { sleep } from '../sleep.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { warnOfEarlier } from './earlier-act.js';
import { newKey } from './own-key.js';
import type { Payer } from './payer.js';
import { type ActContents, type ActDescription, isSameAct, openActs, type PendingAct } from './pending.js';
import { lostResult, settle } from './settle.js';
import { type CommandParts, settleCommand } from './settle-command.js';

/** Something that moves money, as it is intended: not agreed to yet. */
export interface Intent<Body extends object, Answer> {
  readonly target: Target<Body, Answer>;
  readonly body: Body;
  /** The description of the act, for the journal and for whoever has to settle it. */
  readonly describe: (body: Body) => ActDescription;
  /** The command line that asks for it. */
  readonly command: (body: Body) => CommandParts;
  /** Shows the person what would happen and asks; gives the body as it was agreed to. @throws Failure where it was not */
  readonly agree: (body: Body) => Promise<Body>;
}

export interface CarryOutOptions {
  readonly yes?: true;
  readonly key?: string;
}

export interface Done<Answer> {
  readonly answer: Answer;
  /** Whether an earlier try, or an earlier command, had done it. */
  readonly isReplay: boolean;
  readonly pending: PendingAct;
}

/** A key that has an unsettled act may only send that one again. */
function checkRepeats(earlier: PendingAct, contents: ActContents): void {
  if (isSameAct(earlier, contents)) {
    return;
  }
  throw new Failure(
    'usage',
    `The key ${earlier.key} belongs to something else, whose outcome is not known yet.`,
    { next: ['Settle that one with:', shellCommand(earlier.command)] },
  );
}

/** Whether what was true when the person agreed is no longer: a new agreement may be had, under a new key. */
function isOvertaken(error: unknown): error is Failure {
  return isRefusedFor(error, 'RATE_CHANGED', 'POSSIBLE_DUPLICATE');
}

/**
 * Does something that moves money, at most once: agrees with the person, keeps the key on the disk before anything is
 * sent, and sends until the outcome is known. Where the server refuses because things have changed since they were
 * shown, the person is shown them anew.
 * @throws Failure
 */
export async function carryOut<Body extends object, Answer>(
  context: Context,
  payer: Payer,
  intent: Intent<Body, Answer>,
  options: CarryOutOptions,
): Promise<Done<Answer>> {
  const { target, body: wanted } = intent;
  const contents = { path: target.path, body: wanted, server: payer.server, user: payer.user };
  const journal = openActs(context.folder);
  const earlier = options.key === undefined ? undefined : await journal.find({ key: options.key });
  if (earlier) {
    checkRepeats(earlier, contents);
  }
  const isAsked = options.yes !== true;
  context.prompts.gate(isAsked ? ['--yes'] : []);
  if (options.key === undefined) {
    await warnOfEarlier(context, journal, { ...contents, ...intent.describe(wanted) }, isAsked);
  }

  async function send(pending: PendingAct<Body, Answer>, mayBeSent: boolean): Promise<Done<Answer>> {
    const api = await context.api();
    const { say, signal, now } = context;
    const parts = { api, journal, say, signal, now, sleep };
    return { ...(await settle(pending, mayBeSent, parts)), pending };
  }

  async function keepAgreed(): Promise<PendingAct<Body, Answer>> {
    const body = isAsked ? await intent.agree(wanted) : wanted;
    const key = options.key ?? newKey();
    const command = settleCommand(intent.command(body), key, payer);
    const createdAt = context.now().toISOString();
    const pending: PendingAct<Body, Answer> = {
      ...contents,
      ...intent.describe(body),
      ...target,
      body,
      key,
      createdAt,
      command,
    };
    await journal.write(pending);
    return pending;
  }

  if (earlier) {
    // The earlier act says the same as what is wanted, so that its answer is the same, too.
    return await send(earlier as PendingAct<Body, Answer>, true);
  }
  for (;;) {
    // What is refused while it is shown, such as a price above --max, would be refused as often as it is shown.
    const pending = await keepAgreed();
    try {
      return await send(pending, false);
    } catch (error) {
      if (!isAsked || options.key !== undefined || !isOvertaken(error)) {
        throw error;
      }
      await context.prompts.show(
        shown`${context.stderr.pen.yellow('!')} ${error.message}\n  Nothing was paid. This is how it is now:`,
      );
    }
  }
}

/**
 * Shows the result of something that was done. Failing to show it must not be taken for a failure: whoever reads only the
 * status would do it again.
 */
export async function showDone(pending: PendingAct, show: () => Promise<void>): Promise<void> {
  try {
    await show();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw lostResult(pending, reason);
  }
}
