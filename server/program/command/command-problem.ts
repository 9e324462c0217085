/**
 * The reason why a command does nothing, in words for the operator, and its exit status: 1 refused, 2 wrongly called, 130
 * interrupted.
 */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
  readonly status: 1 | 2 | 130;

  constructor(status: 1 | 2 | 130, message: string) {
    super(message);
    this.status = status;
  }
}
