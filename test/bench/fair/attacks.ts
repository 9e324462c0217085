import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { type Attack, type Attacker, ask, atOnce } from './attack.js';

const itemsOfPayout = 1_000;

function payout(
  to: (index: number) => string,
  more: object = {},
  amount: (index: number) => string = () => '0.01',
): string {
  const items = Array.from({ length: itemsOfPayout }, (_, index) => ({
    to: to(index),
    amount: amount(index),
  }));
  return JSON.stringify({ mode: 'each', items, ...more });
}

const payOthers = (attacker: Attacker, connections: number) =>
  atOnce(connections, attacker, (number) =>
    ask(attacker, '/v1/payments', {
      body: JSON.stringify({ to: attacker.other.username, amount: '0.01', memo: `flood ${number}` }),
    }),
  );

/** A body just below the bound, of members that no field is called. */
const unknownMembers = `{${Array.from({ length: 80_000 }, (_, index) => `"m${index}":1`).join()}}`;
const emptyObjects = `{"mode":"each","items":[${Array.from({ length: 250_000 }, () => '{}').join()}]}`;
const escapedNames = `{${Array.from({ length: 2_900 }, (_, index) => `"\\u006d${index}":"${'\\u00e4'.repeat(50)}"`).join()}}`;
const manyScopes = JSON.stringify({ name: 'x', scopes: Array.from({ length: 7_000 }, () => 'read') });

/** A password that is long to judge. */
const craftedPassword = (number: number) => `4@8({[</369&#!1/|0$5+7%2/${number}`.repeat(40).slice(0, 1_024);

/** An endpoint that answers the challenge and holds everything else. */
async function holdingEndpoint({ over }: Attacker): Promise<string> {
  const server = createServer(async (asked, answer) => {
    let text = '';
    for await (const chunk of asked) {
      text += chunk;
    }
    const { challenge } = JSON.parse(text) as { challenge?: string };
    if (challenge !== undefined) {
      answer.end(challenge);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  over.addEventListener('abort', () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function withHoldingWebhooks(attacker: Attacker): Promise<void> {
  const endpoint = await holdingEndpoint(attacker);
  for (let number = 0; number < 10; number += 1) {
    const body = JSON.stringify({ url: `${endpoint}/${number}`, types: ['payment.received'] });
    await ask(attacker, '/v1/webhooks', { as: attacker.other, body });
  }
}

/** Opens a connection, asks, and never reads what comes. */
async function askAndNotRead({ url, person, over, note }: Attacker): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  socket.on('error', () => note(0));
  socket.once('secureConnect', () => {
    socket.pause();
    const asked = `GET /v1/payments?limit=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${person.token}\r\n\r\n`;
    socket.write(asked.repeat(20));
  });
  over.addEventListener('abort', () => socket.destroy(), { once: true });
}

const untilOver = ({ over }: Attacker) => once(over, 'abort').then(() => {});

/** The worst of what one user has done to all others, each by one attacker. */
export const attacks: readonly Attack[] = [
  {
    name: 'flood',
    what: 'payments of one user over 64 connections',
    run: (attacker) => payOthers(attacker, 64),
  },
  {
    name: 'H1-history',
    what: 'payouts of a penny to an own second account, then dry runs of one more',
    run: (attacker) =>
      atOnce(4, attacker, async (number) => {
        await ask(attacker, '/v1/payouts', { body: payout(() => attacker.other.username) });
        const body = { to: attacker.other.username, amount: '0.01', dryRun: true, memo: `${number}` };
        return ask(attacker, '/v1/payments', { body: JSON.stringify(body) });
      }),
  },
  {
    name: 'H2-members',
    what: 'payouts of a megabyte of unknown members, eight at once',
    run: (attacker) => atOnce(8, attacker, () => ask(attacker, '/v1/payouts', { body: unknownMembers })),
  },
  {
    name: 'H2-objects',
    what: 'payouts of 250,000 empty objects, eight at once',
    run: (attacker) => atOnce(8, attacker, () => ask(attacker, '/v1/payouts', { body: emptyObjects })),
  },
  {
    name: 'H2-escapes',
    what: 'payouts of escaped names and texts, eight at once',
    run: (attacker) => atOnce(8, attacker, () => ask(attacker, '/v1/payouts', { body: escapedNames })),
  },
  {
    name: 'H2-scopes',
    what: 'tokens with thousands of scopes, eight at once',
    run: (attacker) => atOnce(8, attacker, () => ask(attacker, '/v1/tokens', { body: manyScopes })),
  },
  {
    name: 'H3-searches',
    isOfLongHistory: true,
    what: '40 searches at once of a long own history for what is not there',
    run: (attacker) => atOnce(40, attacker, (number) => ask(attacker, `/v1/payments?q=nowhere${number}`)),
  },
  {
    name: 'H3-exports',
    isOfLongHistory: true,
    what: 'eight exports at once of a long own history',
    run: (attacker) => atOnce(8, attacker, () => ask(attacker, '/v1/payments', { accept: 'text/csv' })),
  },
  {
    name: 'H4-nobody',
    what: 'payouts to a thousand names that do not exist, eight at once',
    run: (attacker) =>
      atOnce(8, attacker, (number) =>
        ask(attacker, '/v1/payouts', { body: payout((index) => `nobody-${number}-${index}`) }),
      ),
  },
  {
    name: 'M3-passwords',
    what: 'registrations with crafted passwords of 1,024 characters, twenty at once',
    run: (attacker) =>
      atOnce(20, attacker, (number) =>
        ask(attacker, '/v1/users', {
          body: JSON.stringify({
            username: `crafted-${number}`,
            email: `crafted-${number}@example.org`,
            password: craftedPassword(number),
            currency: 'GBP',
          }),
        }),
      ),
  },
  {
    name: 'M5-unread',
    isOfLongHistory: true,
    what: '150 connections that ask for large pages and do not read',
    async run(attacker) {
      for (let number = 0; number < 150; number += 1) {
        await askAndNotRead(attacker);
      }
      await untilOver(attacker);
    },
  },
  {
    name: 'M6-holding',
    what: 'ten webhooks that hold every delivery, and payments that make them',
    async run(attacker) {
      await withHoldingWebhooks(attacker);
      await payOthers(attacker, 8);
    },
  },
  {
    name: 'M7-payouts',
    what: 'payouts to a user with ten webhooks',
    async run(attacker) {
      await withHoldingWebhooks(attacker);
      await atOnce(2, attacker, () =>
        ask(attacker, '/v1/payouts', { body: payout(() => attacker.other.username) }),
      );
    },
  },
  {
    name: 'M8-dry-runs',
    what: '90 dry runs at once of payouts',
    run: (attacker) =>
      atOnce(90, attacker, () =>
        ask(attacker, '/v1/payouts', { body: payout(() => attacker.other.username, { dryRun: true }) }),
      ),
  },
  {
    name: 'M8-streams',
    what: 'streams, as many as can be had, opened again and again',
    run: (attacker) => atOnce(100, attacker, () => ask(attacker, '/v1/events')),
  },
];
