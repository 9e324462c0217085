/** `right`; `doubtful`, which works for now and should be looked at; or `wrong`, which harms or soon will. */
export type Verdict = 'right' | 'doubtful' | 'wrong';

/** What was found out about one part of an installation. */
export interface Finding {
  /** The part, in a word or two. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** The state of the part, in a sentence. */
  readonly text: string;
  /** What to do about it; null where nothing is to be done, or the text says it. */
  readonly remedy: string | null;
}

export const right = (subject: string, text: string): Finding => ({
  subject,
  verdict: 'right',
  text,
  remedy: null,
});

export const doubtful = (subject: string, text: string, remedy: string): Finding => ({
  subject,
  verdict: 'doubtful',
  text,
  remedy,
});

export const wrong = (subject: string, text: string, remedy: string | null): Finding => ({
  subject,
  verdict: 'wrong',
  text,
  remedy,
});
