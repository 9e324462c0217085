import { randomUUID } from 'node:crypto';
import { startEchoEndpoint } from '../../../support/echo-endpoint.js';
import { until } from '../../../support/until.js';
import type { ApiServer } from '../../support/api-server.js';
import type { Asked, Reply } from '../../support/client.js';
import { asScript, freshName, goodPassword, logIn, newPerson, type Person } from '../../support/people.js';
import type { Caller } from './callers.js';

/** The input of an operation: what fills its path, and what is asked besides. */
export interface Input {
  readonly path?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly asked?: Omit<Asked, 'method' | 'token'>;
}

/** Gives well-formed input for an operation, of things that are the owner's. */
export type MakeInput = (caller: Pick<Caller, 'owner'>) => Promise<Input>;

/** People and things that the operations are about, besides the callers. */
interface Stage {
  readonly server: ApiServer;
  /** Pays and asks the owners. */
  readonly friend: Person;
  /** Blocked, adjusted and reset; nobody needs him. */
  readonly bystander: Person;
  /** What webhooks lead to. */
  readonly endpoint: string;
}

const key = () => randomUUID();
const reason = 'as the test says';

async function done(reply: Promise<Reply>): Promise<Reply['json']> {
  const { status, text, json } = await reply;
  if (status >= 300) {
    throw new Error(`The stage cannot be set: ${text}`);
  }
  return json;
}

const paymentTo = ({ server, friend }: Stage, { username }: Person): Promise<{ id: string }> =>
  done(
    server.ask('/v1/payments', { token: friend.token, key: key(), send: { to: username, amount: '1.00' } }),
  );

const requestBetween = ({ server }: Stage, requester: Person, payer: Person): Promise<{ id: string }> =>
  done(
    server.ask('/v1/requests', {
      ...{ token: requester.token, key: key() },
      send: { from: payer.username, amount: '1.00', confirmDuplicateOf: '*' },
    }),
  );

/** One that is there already, or a new one. */
async function webhookOf({ server: { ask }, endpoint }: Stage, { token }: Person): Promise<{ id: string }> {
  const { data } = await done(ask('/v1/webhooks', { token }));
  const send = { url: endpoint, types: ['*'] };
  return data[0] ?? done(ask('/v1/webhooks', { token, send }));
}

async function deliveryOf(stage: Stage, owner: Person): Promise<{ id: string; deliveryId: string }> {
  const { id } = await webhookOf(stage, owner);
  await paymentTo(stage, owner);
  const delivery = await until('a delivery', async () => {
    const { data } = await done(stage.server.ask(`/v1/webhooks/${id}/deliveries`, { token: owner.token }));
    return data[0];
  });
  return { id, deliveryId: delivery.id };
}

const nothing: MakeInput = async () => ({});
const sends =
  (send: unknown): MakeInput =>
  async () => ({ asked: { send } });

const owners =
  (make: (owner: Person) => Promise<{ readonly id: string }>, asked: () => Asked = () => ({})): MakeInput =>
  async ({ owner }) => {
    const { id } = await make(owner);
    return { path: { id }, asked: asked() };
  };

const ofBystander =
  ({ bystander }: Stage, asked: Asked = {}): MakeInput =>
  async () => ({ path: { username: bystander.username }, asked });

function newcomer() {
  const username = freshName();
  return { username, email: `${username}@example.org`, password: goodPassword };
}

/** Input by operationId. */
type Inputs = Readonly<Record<string, MakeInput>>;

function accountInputs(stage: Stage): Inputs {
  const { server, friend, bystander } = stage;
  return {
    checkRegistration: async () => ({ asked: { send: newcomer() } }),
    register: async () => ({ asked: { send: { ...newcomer(), currency: 'GBP' } } }),
    logIn: sends({ username: bystander.username, password: goodPassword }),
    endSession: owners(async ({ username }) => {
      const token = await logIn(server, username);
      const { data } = await done(server.ask('/v1/sessions', { token }));
      return data.find(({ current }: { readonly current: boolean }) => current);
    }),
    changeProfile: sends({ displayName: 'Alice' }),
    changePassword: sends({ currentPassword: 'another-0ne-entirely', newPassword: 'velvet-anchor-77' }),
    listDisplayNames: async () => ({ query: `?of=${friend.username}` }),
    createToken: sends({ name: 'script', scopes: ['read'] }),
    revokeToken: owners(({ token }) =>
      done(server.ask('/v1/tokens', { token, send: { name: 'spare', scopes: ['read'] } })),
    ),
    beginSecondFactor: sends({ currentPassword: 'another-0ne-entirely' }),
    confirmSecondFactor: sends({ code: '123456' }),
    changeSecondFactor: sends({ above: null }),
    blockUser: ofBystander(stage),
    unblockUser: ofBystander(stage),
  };
}

function moneyInputs(stage: Stage): Inputs {
  const { server, friend } = stage;
  const paid = (owner: Person) => paymentTo(stage, owner);
  const asked = (owner: Person) => requestBetween(stage, friend, owner);
  const asking = (owner: Person) => requestBetween(stage, owner, friend);
  const collecting = ({ token }: Person) =>
    done(
      server.ask('/v1/collections', {
        ...{ token, key: key() },
        send: { name: freshName(), amount: '1.00', from: [friend.username] },
      }),
    );
  return {
    sendPayment: async () => ({ asked: { key: key(), send: { to: friend.username, amount: '1.00' } } }),
    sendPayout: async () => ({
      asked: { key: key(), send: { mode: 'all', items: [{ to: friend.username, amount: '2.00' }] } },
    }),
    showPayment: owners(paid),
    refundPayment: owners(paid, () => ({ key: key(), send: {} })),
    createRequest: async () => ({ asked: { key: key(), send: { from: friend.username, amount: '1.00' } } }),
    showRequest: owners(asked),
    acceptRequest: owners(asked, () => ({ key: key(), send: {} })),
    declineRequest: owners(asked, () => ({ send: {} })),
    cancelRequest: owners(asking),
    remindPayer: owners(asking),
    createCollection: async () => ({
      asked: { key: key(), send: { name: freshName(), amount: '1.00', from: [friend.username] } },
    }),
    showCollection: owners(collecting),
    remindCollection: owners(collecting),
    closeCollection: owners(collecting),
    convert: async () => ({ path: { from: 'GBP', to: 'USD', amount: '1.00' } }),
  };
}

function newsInputs(stage: Stage): Inputs {
  return {
    readNotifications: sends({ upTo: 'evt_ZZZZZZZZZZ' }),
    streamEvents: async () => ({ asked: { headers: { accept: 'application/json' } } }),
    createWebhook: sends({ url: stage.endpoint, types: ['*'] }),
    showWebhook: owners((owner) => webhookOf(stage, owner)),
    deleteWebhook: owners((owner) => webhookOf(stage, owner)),
    listDeliveries: owners((owner) => webhookOf(stage, owner)),
    resendDelivery: async ({ owner }) => ({ path: await deliveryOf(stage, owner) }),
  };
}

function adminInputs(stage: Stage): Inputs {
  const { server, bystander } = stage;
  return {
    showUser: ofBystander(stage),
    summariseUser: ofBystander(stage),
    listBalancesOfUser: ofBystander(stage),
    changeUser: ofBystander(stage, { send: { status: 'active', reason } }),
    resetPassword: async () => ({
      path: { username: (await newPerson(server)).username },
      asked: { send: { reason } },
    }),
    registerOther: async () => {
      const { username, email } = newcomer();
      return { asked: { send: { username, email } } };
    },
    createInvitations: sends({ note: 'class 5b' }),
    revokeInvitation: async () => ({ path: { id: 'inv_ZZZZZZZZZZ' } }),
    registerAdmin: async () => ({ asked: { send: newcomer() } }),
    showAnyPayment: owners((owner) => paymentTo(stage, owner)),
    adjustBalance: async () => ({
      asked: {
        key: key(),
        send: { username: bystander.username, amount: '1.00', direction: 'credit', reason },
      },
    }),
    changeCurrencyLimit: async () => ({
      path: { currency: 'ISK' },
      asked: { send: { perPayment: '100000', reason } },
    }),
    changeUserLimit: ofBystander(stage, { send: { perDay: '5000.00', reason } }),
  };
}

/** Input by operationId; what is not here takes none. */
export async function makeInputs(server: ApiServer): Promise<(operationId: string) => MakeInput> {
  const stage: Stage = {
    server,
    friend: await asScript(server, await newPerson(server)),
    bystander: await newPerson(server),
    endpoint: await startEchoEndpoint(),
  };
  const inputs: Inputs = {
    ...accountInputs(stage),
    ...moneyInputs(stage),
    ...newsInputs(stage),
    ...adminInputs(stage),
    getReferencePageFile: async () => ({ path: { file: 'swagger-ui.css' } }),
  };
  return (operationId) => inputs[operationId] ?? nothing;
}
