import assert from 'node:assert/strict';
import { checkBooks } from '../support/check-books.js';
import type { Person } from '../support/load/person.js';
import type { Program } from '../support/program.js';
import { asRatio, type Bench } from '../support/row.js';
import {
  describeTurn,
  heldBackNote,
  isHeldBack,
  medianTurn,
  rateRatio,
  type Subject,
  takeTurns,
} from '../support/turns.js';

export const connections = 64;

/** Payments, one a request, from a random one of these to a random one of those. */
export function payments(
  program: Program,
  senders: readonly Person[],
  payTo: readonly Person[] = senders,
): Subject {
  return { program, path: '/v1/payments', connections, senders, posted: { payTo } };
}

export const singlePayments: Bench = {
  rows: [
    {
      name: 'payments',
      what: 'one payment a request, 64 connections, of bare Koa that echoes it',
      better: 'more',
      must: 0.3,
      aim: 0.5,
      text: asRatio,
    },
    {
      name: 'one-receiver',
      what: '… to one receiver, of that',
      better: 'more',
      must: 0.9,
      text: asRatio,
    },
    {
      name: 'mixed-currencies',
      what: '… between mixed currencies, of that',
      better: 'more',
      must: 0.85,
      text: asRatio,
    },
  ],

  async measure(setting) {
    const { folder, pay, echo, people, mixed } = await setting.town();
    const before = (await checkBooks(folder)).books.payments;
    // Nobody pays themselves: the one receiver is not one of those who pay.
    const [receiver, ...payers] = people;
    const turns = await takeTurns(setting, {
      bare: payments(echo, people),
      random: payments(pay, people),
      oneReceiver: payments(pay, payers, receiver ? [receiver] : []),
      mixed: payments(pay, mixed),
    });
    const booked = (await checkBooks(folder)).books.payments - before;
    const answered = [turns.random, turns.oneReceiver, turns.mixed]
      .map((ofSubject) => medianTurn(ofSubject).succeeded)
      .reduce((sum, one) => sum + one);
    assert(booked >= answered, `${answered} payments were answered, but ${booked} are in the books`);
    const isFlattered = isHeldBack(turns.bare);
    return {
      flattered: isFlattered ? ['payments'] : [],
      figures: {
        payments: rateRatio(turns.random, turns.bare),
        'one-receiver': rateRatio(turns.oneReceiver, turns.random),
        'mixed-currencies': rateRatio(turns.mixed, turns.random),
      },
      notes: [
        ...(isFlattered ? [heldBackNote] : []),
        `payments: ${describeTurn(medianTurn(turns.random))}; bare Koa: ${describeTurn(medianTurn(turns.bare))}`,
        `payments to one receiver: ${describeTurn(medianTurn(turns.oneReceiver))}`,
        `payments between mixed currencies: ${describeTurn(medianTurn(turns.mixed))}`,
        `the books balance and hold every payment that was answered: ${booked} with those of the warm-up and of ends of rounds`,
      ],
    };
  },
};
