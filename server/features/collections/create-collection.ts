import assert from 'node:assert/strict';
import type { CollectionRow, RequestRow } from '../../../db/tables/requests.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { type Circumstances, defineRule, type Moment } from '../../ledger/rule.js';
import { foldText } from '../../money/fold-text.js';
import type { Money } from '../../money/money.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { ratesReads } from '../conversion/rates-in-book.js';
import { type Party, partyOf } from '../payments/parties.js';
import {
  expiryOf,
  findPayer,
  judgeAsking,
  judgeFunds,
  payerReads,
  writeRequest,
} from '../requests/ask-payer.js';
import type { CreateRequestSettings } from '../requests/create-request.js';
import { countFundsRefusal } from '../requests/refuse-beyond-funds.js';
import { requestsOf, requestsReads } from './find-collection.js';
import { findOpen, knownOpenOnes, makeRoom, openOnes, openReads } from './open-collections.js';
import { tallyRequests } from './tally.js';
import { type AskedJson, collectionJson, mostPeople } from './wire.js';

export interface CreateCollection {
  readonly ownerId: number;
  readonly name: string;
  /** The amount that each is asked for. */
  readonly amount: Money;
  /** The usernames of those who are asked, in lower case. */
  readonly from: readonly string[];
  /** When the requests expire, in microseconds since 1970; null for the usual time. */
  readonly expiresAt: number | null;
}

type Here = Circumstances<CreateRequestSettings>;

function refuseField(field: string, message: string): never {
  throw new Refusal('VALIDATION_FAILED', `${field}: ${message}. Nobody was asked.`, {
    errors: [{ field, message }],
  });
}

function newCollection(book: Book, input: CreateCollection, moment: Moment): CollectionRow {
  const { ownerId, name, amount, expiresAt } = input;
  makeRoom(book, ownerId, moment);
  const collection: CollectionRow = {
    id: book.newId('collections'),
    owner_id: ownerId,
    name,
    name_folded: foldText(name),
    currency: amount.currency,
    created_at: moment.now,
    expires_at: expiryOf(expiresAt, moment.now),
    closed_at: null,
    reminded_at: null,
  };
  book.insert('collections', collection);
  return collection;
}

/** The open collection. Throws VALIDATION_FAILED where it is of another currency. */
function sameCurrency(open: CollectionRow, { currency }: Money): CollectionRow {
  if (open.currency !== currency) {
    refuseField('currency', `must be that of your open collection of this name, ${open.currency}`);
  }
  return open;
}

/** The refusal of one person, which keeps no other from being asked. What says nothing of the person is thrown on. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Refusal) || error.status >= 500) {
    throw error;
  }
  return error;
}

/** The collection while people are asked for it. */
interface Asking {
  readonly owner: Party;
  readonly collection: CollectionRow;
  /** The requests of everybody who belongs to it, by the numbers of the users. */
  readonly requests: Map<number, RequestRow>;
  /** Those of them that were there before. */
  readonly earlier: ReadonlySet<RequestRow>;
}

/** Asks one person, who is judged like somebody asked alone, unless they were asked before. Throws the refusal. */
function askOne(book: Book, asking: Asking, from: string, amount: Money, here: Here): AskedJson {
  const { owner, collection, requests, earlier } = asking;
  const { moment, facts, isDryRun } = here;
  // What a dry run asks for is not there, also where it names somebody twice.
  const idOf = (request: RequestRow) =>
    isDryRun && !earlier.has(request) ? null : publicId('req', request.id);
  const payer = findPayer(book, owner.user.id, from);
  const before = requests.get(payer.user.id);
  if (before) {
    return { from, outcome: 'asked-before', requestId: idOf(before) };
  }
  const sides = { requester: owner, payer };
  const cost = judgeAsking(book, sides, amount);
  if (facts.checkFunds && !isDryRun) {
    judgeFunds(book, sides, cost, moment);
  }
  const { id: collectionId, name: memo, expires_at: expiresAt } = collection;
  const { request } = writeRequest(book, sides, { amount, memo, expiresAt, collectionId }, moment);
  requests.set(payer.user.id, request);
  return { from, outcome: 'asked', requestId: idOf(request) };
}

function countWant(book: Book, ownerId: number, from: string, moment: Moment): void {
  const payer = book.get('users', { username_key: from });
  countFundsRefusal(book, { requesterId: ownerId, payerId: payer.id }, moment);
}

/** Asks each of these people; one who is refused keeps no other from being asked. */
function askEach(
  book: Book,
  asking: Asking,
  { ownerId, from, amount }: CreateCollection,
  here: Here,
): readonly AskedJson[] {
  return from.map((one) => {
    try {
      return askOne(book, asking, one, amount, here);
    } catch (error) {
      const { code, message: detail } = refusalOf(error);
      if (code === 'INSUFFICIENT_FUNDS') {
        // The want is counted here, since what is asked of the others is written.
        countWant(book, ownerId, one, here.moment);
      }
      return { from: one, outcome: 'refused', code, detail };
    }
  });
}

/**
 * Throws VALIDATION_FAILED where there would be more people, or more money, than a collection may have. Whoever is to join counts
 * before anybody's funds are judged: a refusal after that would tell, without a trace, that they are enough.
 */
function refuseTooMuch(
  book: Book,
  requests: Asking['requests'],
  { from, amount }: Pick<CreateCollection, 'from' | 'amount'>,
): void {
  const named = from.flatMap((one) => book.find('users', { username_key: one })?.id ?? []);
  const joining = new Set(named.filter((id) => !requests.has(id))).size;
  if (requests.size + joining > mostPeople) {
    refuseField('from', `would make it more than the ${mostPeople} people that a collection may have`);
  }
  const { asked } = tallyRequests([...requests.values()]);
  if (!Number.isSafeInteger(asked + joining * amount.minor)) {
    refuseField('amount', 'is too much to be asked of so many');
  }
}

/** The refusal where nobody belongs to the collection in the end: for the reason of the first; all are named. */
function nobodyAsked(results: readonly AskedJson[]): Refusal {
  const [first] = results;
  assert(first?.outcome === 'refused', 'whom nobody asks is refused');
  return new Refusal(first.code, `${first.from}: ${first.detail} Nobody was asked.`, {
    figures: { results },
  });
}

/** The people for whom a refusal says that there was no money. */
const wanting = ({ details }: Refusal): readonly string[] =>
  ((details.figures?.results ?? []) as readonly AskedJson[]).flatMap((one) =>
    one.outcome === 'refused' && one.code === 'INSUFFICIENT_FUNDS' ? [one.from] : [],
  );

/**
 * Makes one request for each of many, under one name. Whoever belongs to the open collection of that name already is not
 * asked again, so that the same may be said twice, with a new key or an old one.
 */
export const createCollection = defineRule<CreateCollection, CreateRequestSettings>('create-collection', {
  needsTime: true,

  reads(book, { ownerId, name, from }, _caller, now) {
    const open = findOpen(knownOpenOnes(book, ownerId), name, { now, machineNow: now });
    return [
      lookup('users', { id: ownerId }),
      lookup('accounts', { user_id: ownerId }),
      ...openReads(ownerId),
      ...ratesReads(book),
      ...(open ? requestsReads(open.id) : []),
      ...[...new Set(from)].flatMap((one) => payerReads(book, ownerId, one)),
    ];
  },

  noteRefusal(book, { ownerId }, refusal, { moment }) {
    for (const from of wanting(refusal)) {
      countWant(book, ownerId, from, moment);
    }
  },

  decide(book, input, circumstances) {
    const { moment, isDryRun } = circumstances;
    const owner = partyOf(book, book.get('users', { id: input.ownerId }));
    refuseFrozen(owner, 'ask for money');
    const open = findOpen(openOnes(book, input.ownerId), input.name, moment);
    const collection = open ? sameCurrency(open, input.amount) : newCollection(book, input, moment);
    const before = open ? requestsOf(book, open) : [];
    const requests = new Map(before.map((request) => [request.payer_id, request]));
    refuseTooMuch(book, requests, input);
    const results = askEach(
      book,
      { owner, collection, requests, earlier: new Set(before) },
      input,
      circumstances,
    );
    if (requests.size === 0) {
      throw nobodyAsked(results);
    }
    const tally = tallyRequests([...requests.values()]);
    const json = collectionJson({ collection, tally }, moment.now);
    const body = { ...json, id: isDryRun && !open ? null : json.id, results };
    return { status: 201, body, location: `/v1/collections/${json.id}` };
  },
});
