import { asRatio, type Bench } from '../support/row.js';
import {
  describeTurn,
  heldBackNote,
  isHeldBack,
  medianTurn,
  rateRatio,
  takeTurns,
} from '../support/turns.js';
import { connections } from './single-payments.js';

export const reads: Bench = {
  rows: [
    {
      name: 'me',
      what: 'GET /v1/me, of a bare GET',
      better: 'more',
      must: 0.65,
      aim: 0.8,
      text: asRatio,
    },
    {
      name: 'healthz',
      what: 'GET /healthz, of a bare GET',
      better: 'more',
      must: 0.75,
      aim: 0.9,
      text: asRatio,
    },
  ],

  async measure(setting) {
    const { pay, echo, people } = await setting.town();
    const turns = await takeTurns(setting, {
      bare: { program: echo, path: '/', connections, senders: people },
      me: { program: pay, path: '/v1/me', connections, senders: people },
      healthz: { program: pay, path: '/healthz', connections, senders: people },
    });
    const isFlattered = isHeldBack(turns.bare);
    return {
      flattered: isFlattered ? ['me', 'healthz'] : [],
      figures: { me: rateRatio(turns.me, turns.bare), healthz: rateRatio(turns.healthz, turns.bare) },
      notes: [
        ...(isFlattered ? [heldBackNote] : []),
        `GET /v1/me: ${describeTurn(medianTurn(turns.me))}`,
        `GET /healthz: ${describeTurn(medianTurn(turns.healthz))}`,
        `a bare GET: ${describeTurn(medianTurn(turns.bare))}`,
      ],
    };
  },
};
