import type { Command } from 'commander';
import type { Start } from '../command.js';
import { globalFlagsGroup } from '../global-flags.js';
import { type HelpTopic, helpTopics } from '../help/help-topics.js';
import { commands } from '../program/commands.js';
import { describeProgram } from '../program/program.js';
import { reflow } from '../terminal/text/reflow.js';
import { version } from '../version.js';
import { commandPage } from './command-page.js';
import { heading, line, term, title, verbatim } from './roff.js';

export interface ManPage {
  /** The name of the page's file as man(1) finds it: `pay-send.1`. */
  readonly file: string;
  readonly text: string;
}

// Of a terminal of 80 columns man(1) leaves 78, and indents the text by 7.
const textWidth = 71;

const neverRun: Start = () => async () => {};

const isShared = (group: string | undefined) => group === globalFlagsGroup;

async function wholeProgram(): Promise<Command> {
  const program = describeProgram();
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary);
    (await entry.load()).define(command, neverRun);
  }
  return program;
}

function topicPage({ name, summary, text }: HelpTopic, source: string): ManPage {
  const lines = reflow(text(), textWidth).trimEnd().split('\n');
  const page = [
    title(`pay-${name}`, 7, source),
    heading('Name'),
    line(`pay-${name} - ${summary}`),
    heading('Description'),
    ...verbatim(lines),
    heading('See also'),
    line('pay(1)'),
  ];
  return { file: `pay-${name}.7`, text: `${page.join('\n')}\n` };
}

/** The manual of the command line: a page for itself, for each command and for each topic, from what its help is made of. */
export async function manPages(): Promise<readonly ManPage[]> {
  const program = await wholeProgram();
  const source = `pay ${version()}`;
  const topics = helpTopics.map(({ name }) => `pay-${name}(7)`).join(', ');
  const overview = program.commands.flatMap((command) => term(`pay-${command.name()}(1)`, command.summary()));
  return [
    {
      file: 'pay.1',
      text: commandPage(program, { section: 1, source, commands: overview, seeAlso: topics }),
    },
    ...program.commands.map((command) => ({
      file: `pay-${command.name()}.1`,
      text: commandPage(command, { section: 1, source, isShared, seeAlso: `pay(1), ${topics}` }),
    })),
    ...helpTopics.map((topic) => topicPage(topic, source)),
  ];
}

/** The page of a program that the operator runs. */
export function programPage(program: Command, seeAlso: string): ManPage {
  const text = commandPage(program, { section: 8, source: `pay ${version()}`, seeAlso });
  return { file: `${program.name()}.8`, text };
}
