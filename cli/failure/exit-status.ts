/** The kinds of ends that a command can come to, with the exit status of each: part of the contract with scripts. */
export const exitStatuses = {
  done: { status: 0, meaning: 'Done.' },
  refused: {
    status: 1,
    meaning: 'Refused by a rule, such as too small a balance; or a question answered with no.',
  },
  usage: {
    status: 2,
    meaning: 'The command was not written as it should be, or needs an answer and has no terminal.',
  },
  'not-found': { status: 3, meaning: 'What was asked for does not exist, or belongs to somebody else.' },
  'not-logged-in': { status: 4, meaning: 'Not logged in, or the credentials are wrong or have ended.' },
  'not-allowed': { status: 5, meaning: 'Logged in, but not allowed to do this.' },
  unreachable: { status: 6, meaning: 'The server or the network failed, and nothing happened.' },
  unknown: {
    status: 7,
    meaning: 'The outcome is unknown. The message holds the command that settles it; it never pays twice.',
  },
  interrupted: { status: 130, meaning: 'Interrupted (Ctrl-C), and nothing happened.' },
} as const;

export type FailureKind = Exclude<keyof typeof exitStatuses, 'done'>;
