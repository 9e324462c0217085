import { setTimeout as pause } from 'node:timers/promises';
import { askLiveValues, type LiveValues } from '../completion/live-values.js';
import type { Context } from '../context.js';
import type { FailureKind } from '../failure/exit-status.js';
import type { Failure } from '../failure/failure.js';
import { tellFailure, wordsAskForJson } from '../terminal/tell-failure.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { announcementText, endText, linkText } from './announcement.js';
import { belongsInHistory } from './belongs-in-history.js';
import { completeLine, remembered } from './completer.js';
import { greet } from './greet.js';
import { openHistory } from './history.js';
import { type LineEditor, makeLineEditor } from './line-editor.js';
import type { Shell } from './make-shell.js';
import { preload } from './preload.js';
import { promptText } from './prompt-text.js';
import { type Entered, readWhole } from './read-whole.js';
import { runWords, withoutPay } from './run-words.js';
import { type AccountWatch, watchAccount } from './watch-account.js';

// How long a prompt waits for the balance after something that may have changed it.
const balancePatienceMs = 250;
// How long nothing may be asked over the kept connection before it is used again: shorter than servers keep an idle one, so
// that one is there when the line has been typed.
const idleTooLongMs = 50_000;
// Commands after which it is looked at anew who is logged in where.
const accountCommands: readonly string[] = ['register', 'login', 'logout', 'profiles', 'password'];
const ownCommands: readonly string[] = ['help', 'clear'];

/** The state that a shell on a terminal keeps from one line to the next. */
interface State {
  /** The command that runs, with what ends it. */
  running?: { readonly name: string; readonly over: AbortController } | undefined;
  lastFailure?: FailureKind | undefined;
  /** The end of the announcements while a command ran, which may say the same itself. */
  heldEnd?: Failure | undefined;
}

/** The parts of a shell on a terminal, wired to each other. */
interface InteractiveShell {
  readonly state: State;
  readonly editor: LineEditor;
  readonly watch: AccountWatch;
  readonly live: ReturnType<typeof remembered>;
  readonly prompt: () => Shown;
}

/** The values that Tab completes to, through contexts that disturb nobody. */
function liveValuesOf({ openInBackground }: Shell, signal: AbortSignal): LiveValues {
  return async (kind) => {
    const { context, close } = await openInBackground(false, signal);
    try {
      return await askLiveValues(context)(kind);
    } finally {
      await close();
    }
  };
}

/** Wires what is typed, what is watched and what is shown to each other. */
function makeInteractiveShell(
  context: Context,
  shell: Shell,
  history: () => readonly string[],
): InteractiveShell {
  const { stderr, signal, now } = context;
  const state: State = {};
  const live = remembered(liveValuesOf(shell, signal), now);
  const watch = watchAccount({
    open: shell.openInBackground,
    signal,
    onEvent(event) {
      live.forget();
      // `pay watch` shows events itself.
      if (state.running?.name !== 'watch') {
        editor.announce(announcementText(event, stderr, now(), context.locale));
      }
    },
    onEnd(failure) {
      if (state.running) {
        state.heldEnd = failure;
      } else {
        editor.announce(endText(failure, stderr));
      }
    },
    onLink: (news) => editor.announce(linkText(news, stderr)),
    onChange: () => editor.setPrompt(prompt()),
  });
  const prompt = () => promptText(watch.promptState(), state.lastFailure, stderr, context.locale);
  const editor: LineEditor = makeLineEditor({
    ...shell.runner.runtime,
    history,
    complete: (line) => completeLine(line, shell.runner, live.values, stderr, editor.announce),
    onKey() {
      if (shell.idleMs() > idleTooLongMs) {
        void watch.refresh();
      }
    },
  });
  return { state, editor, watch, live, prompt };
}

/** Runs one line with a signal of its own, and gives the terminal to it. */
async function runLine({ state, editor }: InteractiveShell, { runner }: Shell, words: readonly string[]) {
  const over = new AbortController();
  state.running = { name: withoutPay(words)[0] ?? '', over };
  editor.release();
  try {
    return await runWords(runner, words, AbortSignal.any([runner.runtime.signal, over.signal]));
  } finally {
    state.running = undefined;
  }
}

/** Brings the prompt, and what is known of the account, up to what a command has done. */
async function catchUp(
  { state, editor, watch, live }: InteractiveShell,
  shell: Shell,
  name: string,
  failure: Failure | undefined,
): Promise<void> {
  const isAboutAccount = accountCommands.includes(name);
  if (isAboutAccount || failure?.kind === 'not-logged-in') {
    shell.shared.forget();
    live.forget();
    await watch.follow();
  }
  if (state.heldEnd && state.heldEnd.kind !== failure?.kind && !isAboutAccount) {
    editor.announce(endText(state.heldEnd, shell.runner.runtime.stderr));
  }
  state.heldEnd = undefined;
  const refreshed = watch.refresh();
  if (shell.hasChanged()) {
    live.forget();
    await Promise.race([refreshed, pause(balancePatienceMs)]);
  }
}

/** The shell on a terminal, until it is left. @throws Failure where it cannot begin, or the end of the process cut a command off */
export async function runInTerminal(context: Context, shell: Shell): Promise<void> {
  const { stderr, signal, say, commandLine, isJson } = context;
  const history = await openHistory(context.folder);
  const names = (await commandLine.describe([])).commands.map((command) => command.name());
  const interactive = makeInteractiveShell(context, shell, history.lines);
  const { state, editor, watch, prompt } = interactive;

  /** @returns whether the line asked to leave */
  async function enter({ line, words }: Entered): Promise<boolean> {
    const { failure, isLeaving } = await runLine(interactive, shell, words);
    const [name = ''] = withoutPay(words);
    history.add(line, belongsInHistory(line, name, [...names, ...ownCommands], failure === undefined));
    if (failure && signal.aborted) {
      throw failure;
    }
    if (failure) {
      await tellFailure(failure, shell.runner.runtime, isJson || wordsAskForJson(words));
    }
    state.lastFailure = failure?.details.isWanted ? undefined : failure?.kind;
    if (!isLeaving) {
      await catchUp(interactive, shell, name, failure);
    }
    return isLeaving === true;
  }

  async function readAndRun(): Promise<void> {
    for (;;) {
      const entered = await readWhole(editor, prompt, () => {
        state.lastFailure = undefined;
      });
      if (entered === undefined || (await enter(entered))) {
        return;
      }
    }
  }

  await watch.follow(await greet(context, shell.open));
  await Promise.race([watch.refresh(), pause(balancePatienceMs)]);
  const giveBack = context.takeInterrupts(() => {
    // Of lines that were pasted together, those that are left are not run once one of them was broken off.
    editor.forgetAhead();
    if (state.running) {
      state.running.over.abort();
    } else {
      editor.drop();
    }
  });
  void preload(commandLine, signal);
  try {
    await readAndRun();
    if (!signal.aborted) {
      await say(stderr.pen.dim('Goodbye.'));
    }
  } finally {
    giveBack();
    editor.release();
    await watch.stop();
    await history.saved().catch((error: Error) => say(shown`The history is not kept: ${error.message}`));
  }
}
