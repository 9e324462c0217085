import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { Agent } from 'undici';
import type { Database } from '../../../../db/connect.js';
import type { EventRow } from '../../../../db/tables/events.js';
import { transact } from '../../../../db/transact.js';
import { machineMicros } from '../../../../server/clock.js';
import { makeToken } from '../../../../server/features/credentials/secret-token.js';
import type { ToldEvent } from '../../../../server/features/events/event-store.js';
import type { StreamTiming } from '../../../../server/features/events/event-stream.js';
import { type EventHub, makeEventHub } from '../../../../server/features/events/hub.js';
import {
  makeOpenStreams,
  type OpenStreams,
  type StreamShares,
} from '../../../../server/features/events/open-streams.js';
import { eventRoutes } from '../../../../server/features/events/routes.js';
import { makeLists } from '../../../../server/features/lists/lists.js';
import { makeAuthenticator } from '../../../../server/features/sessions/authenticate.js';
import { makeCursors } from '../../../../server/http/answer/cursor.js';
import { makeApp } from '../../../../server/http/application.js';
import {
  type DrainableServer,
  type HttpsServerOptions,
  makeHttpsServer,
} from '../../../../server/http/serve/listen.js';
import { publicId } from '../../../../server/ids.js';
import type { LedgerDoor } from '../../../../server/ledger/door.js';
import { makeLogger } from '../../../../server/program/process/logger.js';
import { usualShares } from '../../../../server/rate-figures.js';
import { makeDatabaseFile, openReadersOf, openWriterOf } from '../../../db/support/database.js';
import { makeCertificate } from '../../../http/support/certificate.js';
import { openObservedLedger } from '../../../ledger/support/observed-ledger.js';
import { numberOf } from '../../../ledger/support/outcomes.js';
import { ruleNamed } from '../../../ledger/support/rule-named.js';
import { usualLifetimes } from '../../../support/usual-lifetimes.js';
import { type EventReader, openReader } from './event-reader.js';

export interface RoomOptions {
  readonly timing?: Partial<StreamTiming>;
  readonly streams?: { readonly ofUser: number; readonly inAll: number };
  readonly httpLimits?: HttpsServerOptions['limits'];
  /** Added to the machine's clock, in microseconds, when it is asked. */
  readonly clockOffset?: () => number;
}

export interface Guest {
  readonly id: number;
  readonly username: string;
  readonly passwordHash: string;
  readonly token: string;
  readonly sessionId: number;
}

/** The room of events behind a real HTTPS server, over a real database and a real ledger, all in this process. */
export interface Room {
  readonly url: string;
  readonly port: number;
  readonly server: DrainableServer;
  readonly hub: EventHub;
  readonly streams: OpenStreams;
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  /** Registers somebody and logs them in. */
  newGuest(): Promise<Guest>;
  logIn(guest: Pick<Guest, 'id' | 'passwordHash'>, address: string): Promise<string>;
  /** Writes events straight into the database; whoever listens is told unless `isSilent`. */
  write(events: readonly EventRow[], isSilent?: boolean): Promise<void>;
  /** Ends a session in the database, of which nobody is told. */
  endSilently(sessionId: number): Promise<void>;
  open(token: string, lastEventId?: string): Promise<EventReader>;
}

const unhurried: StreamTiming = { heartbeatMs: 60_000, patienceMs: 60_000, farewellMs: 60_000 };

async function openBooks(t: ExecutionContext<unknown>, file: string, hub: EventHub) {
  const writer = openWriterOf(t as ExecutionContext, file);
  const ledger = await openObservedLedger(t, writer, hub);
  const door: LedgerDoor = {
    decide: (decision) => ledger.decide(decision),
    waiting: 0,
    broken: new Promise(() => {}),
    close: () => ledger.settled(),
  };
  return { writer, door };
}

const sharesOf = ({ streams }: RoomOptions): StreamShares =>
  streams === undefined
    ? usualShares
    : {
        streams: { ofOne: streams.ofUser, inAll: streams.inAll },
        streamsOfNetwork: usualShares.streamsOfNetwork,
      };

const caller = { userId: null, isPerson: true, address: '127.0.0.1', requestId: 'test' };

async function logIn(
  ledger: LedgerDoor,
  { id, passwordHash }: Pick<Guest, 'id' | 'passwordHash'>,
  address: string,
) {
  const { token, hash } = makeToken('pay_ses_');
  const input = { userId: id, tokenHash: hash, passwordHash, lifetimes: usualLifetimes, guesses: [] };
  const outcome = await ledger.decide({
    rule: ruleNamed('open-session'),
    input,
    caller: { ...caller, address },
  });
  if (outcome.status !== 201) {
    throw new Error(outcome.json);
  }
  return { token, hash };
}

async function register(ledger: LedgerDoor, readers: Database, username: string): Promise<Guest> {
  const input = {
    ...{ username, email: `${username}@example.org`, displayName: null, passwordHash: `hash of ${username}` },
    ...{ currency: 'GBP', role: 'user', openingCredit: 100_000 },
  };
  const id = numberOf('usr', await ledger.decide({ rule: ruleNamed('register-user'), input, caller }));
  const { token, hash } = await logIn(ledger, { id, passwordHash: input.passwordHash }, caller.address);
  const session = await readers('sessions')
    .where({ token_hash: Buffer.from(hash, 'hex') })
    .first('id');
  return { id, username, passwordHash: input.passwordHash, token, sessionId: session.id };
}

export async function openRoom(t: ExecutionContext<unknown>, options: RoomOptions = {}): Promise<Room> {
  const file = await makeDatabaseFile(t as ExecutionContext);
  const hub = makeEventHub();
  const { writer, door: ledger } = await openBooks(t, file, hub);
  const readers = openReadersOf(t as ExecutionContext, file);
  const streams = makeOpenStreams(sharesOf(options));
  const now = () => machineMicros() + (options.clockOffset?.() ?? 0);
  const timing = { ...unhurried, ...options.timing };
  const logger = makeLogger({ level: 'silent', stream: new Writable() });
  // Nobody here looks at when sessions were used.
  const uses = { note() {} };
  const { authenticate, forget } = makeAuthenticator(readers, machineMicros, uses);
  hub.onNotice(forget);
  const app = makeApp({
    routes: eventRoutes({
      ...{ readers, ledger, hub, streams, timing, uses },
      lists: makeLists({ readers, cursors: makeCursors('secret'), shares: usualShares }),
      machineMicros: now,
    }),
    authenticate,
    logger,
    info: { title: 'test', version: '1', description: 'Events.', tags: [] },
    rateLimits: undefined,
  });
  const server = makeHttpsServer({
    ...(await makeCertificate()),
    handler: app.callback(),
    logger,
    limits: options.httpLimits ?? {},
    connections: usualShares.connections,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  t.teardown(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });
  let guests = 0;
  return {
    ...{ url, port, server, hub, streams, readers, ledger },
    newGuest() {
      guests += 1;
      return register(ledger, readers, `guest${guests}`);
    },
    logIn: async (guest, address) => (await logIn(ledger, guest, address)).token,
    async write(events, isSilent = false) {
      await transact(writer, async (trx) => {
        await trx('events').insert(events);
      });
      if (!isSilent) {
        hub.publish({
          userIds: [...new Set(events.map((event) => event.user_id))],
          endedCredentialIds: [],
          changedUserIds: [],
        });
      }
    },
    endSilently: async (id) =>
      void (await writer('sessions').where({ id }).update({ ended_at: machineMicros() })),
    open: (token, lastEventId) => openReader({ url, dispatcher, token, lastEventId }),
  };
}

/** Beyond the numbers of all events that a ledger makes in a test. */
const farNumbers = 1_000_000;

/** The number of an event by its number in a test, and its id. */
export const eventNumber = (number: number) => farNumbers + number;
export const eventId = (number: number) => publicId('evt', eventNumber(number));

/** Events of one user with numbers from `eventNumber`. */
export function eventsOf(userId: number, from: number, howMany: number, data: object = {}): EventRow[] {
  return Array.from({ length: howMany }, (_, index) => ({
    id: eventNumber(from + index),
    user_id: userId,
    payment_id: null,
    type: 'payment.received',
    at: from + index,
    data: JSON.stringify({ number: from + index, ...data }),
  }));
}

/** The same as they are told. */
export const toldEventsOf = (...of: Parameters<typeof eventsOf>): ToldEvent[] =>
  eventsOf(...of).map((event) => ({ ...event, data: event.data ?? '' }));
