import { Refusal } from '../errors.js';
import { networkOf } from '../network.js';
import { ofOneNetwork, type ShareTable } from '../rate-figures.js';
import { Slots } from '../slots.js';
import { makeTally } from '../tally.js';
import type { Outcome } from './outcome.js';
import type { Decision } from './rule.js';
import { Turns } from './turns.js';

/** How many decisions may be with the ledger, and how many wait for their turn. */
export type DecisionShares = Pick<ShareTable, 'decisions' | 'decisionsWaiting'>;

/** A decision, and who waits for its outcome. */
export interface PendingDecision {
  readonly decision: Decision;
  /** Counts it out of those of its network. */
  readonly leaveNetwork: () => void;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Nothing was done of what is refused so: the same may be asked for again under the same key. */
const tooMuch = (code: 'OVERLOADED' | 'RATE_LIMITED', why: string) =>
  new Refusal(
    code,
    `${why}; nothing was done. Repeat it in a moment, with the same Idempotency-Key if it had one.`,
    { retryAfterSeconds: 1, tellsOutcome: true },
  );

/** The decisions that are with the ledger or wait for their turn to go there, each under the number of its slot. */
export class PendingDecisions {
  readonly #mostWaiting: DecisionShares['decisionsWaiting'];
  readonly #go: (number: number, decision: Decision) => void;
  readonly #slots = new Slots<PendingDecision>();
  readonly #ofNetworks = makeTally();
  readonly #turns: Turns;

  /** `go` is called with each decision when its turn has come. */
  constructor(
    { decisions, decisionsWaiting }: DecisionShares,
    go: (number: number, decision: Decision) => void,
  ) {
    this.#mostWaiting = decisionsWaiting;
    this.#go = go;
    this.#turns = new Turns(decisions.ofOne, decisionsWaiting.ofOne);
  }

  get size(): number {
    return this.#slots.size;
  }

  at(number: number): PendingDecision | undefined {
    return this.#slots.at(number);
  }

  /** Gives the network that a decision counts for. Throws RATE_LIMITED or OVERLOADED where no more of its kind may wait. */
  admit({ caller: { userId, address } }: Decision): string {
    if (this.#slots.size >= this.#mostWaiting.inAll) {
      throw tooMuch('OVERLOADED', 'The server has too much to do');
    }
    if (userId !== null && this.#turns.isFull(userId)) {
      throw tooMuch('RATE_LIMITED', 'Too many of your requests wait already');
    }
    const network = networkOf(address);
    if (this.#ofNetworks.of(network) >= ofOneNetwork(this.#mostWaiting)) {
      throw tooMuch('RATE_LIMITED', 'Too many requests from your network wait already');
    }
    return network;
  }

  /** Takes in a decision that was admitted for that network, and lets it go where its user has a turn left. */
  add(
    decision: Decision,
    network: string,
    resolve: PendingDecision['resolve'],
    reject: PendingDecision['reject'],
  ): void {
    const { userId } = decision.caller;
    const leaveNetwork = this.#ofNetworks.add(network);
    const number = this.#slots.put({ decision, leaveNetwork, resolve, reject });
    if (userId === null || this.#turns.take(userId, number)) {
      this.#go(number, decision);
    }
  }

  /** Empties the slot of what has been decided; the next of the same user goes in its place. */
  remove(number: number, { caller: { userId } }: Decision): void {
    this.#slots.at(number)?.leaveNetwork();
    this.#slots.free(number);
    const next = userId === null ? undefined : this.#turns.giveBack(userId);
    const asked = next === undefined ? undefined : this.#slots.at(next);
    if (next !== undefined && asked !== undefined) {
      this.#go(next, asked.decision);
    }
  }

  /** Lets all go that wait for their turn. */
  letAllGo(): void {
    for (const number of this.#turns.letAllGo()) {
      this.#go(number, (this.#slots.at(number) as PendingDecision).decision);
    }
  }

  /** Empties all slots, and gives what was in them. */
  clear(): readonly PendingDecision[] {
    const left = this.#slots.values();
    this.#slots.clear();
    return left;
  }
}
