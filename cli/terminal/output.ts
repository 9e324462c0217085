import type { JqFilter } from './jq.js';
import type { Screen } from './screen.js';
import type { Shown } from './text/shown.js';

/** The output of a command: where it writes, and how whoever reads it wants it. */
export interface Output {
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** What the program is called where this is typed. */
  readonly calledAs: string;
  /** Whether stdout takes JSON. */
  readonly isJson: boolean;
  /** The flag that narrows the JSON. */
  readonly flags: { readonly fields?: string };
  /** Whether the fields were held against the shape of all that may be written. */
  readonly areFieldsChecked: boolean;
  /** The filter of --jq, through which the JSON goes. */
  readonly filter: JqFilter | undefined;
  readonly locale: string | undefined;
  /** A sentence of ours that may end with a command, as it is typed here for the account of this command. */
  hint(text: string): string;
  /** Talk for people, on stderr, as it stands; nothing with --json. A command of ours in it is a hint. */
  say(text: Shown): Promise<void>;
  /** Writes what people read to stdout, in a pager where it is longer than the terminal. */
  page(text: Shown): Promise<void>;
}
