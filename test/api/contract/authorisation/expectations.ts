import type { ErrorCode } from '../../../../server/errors.js';
import type { Scope } from '../../../../server/http/contract/route.js';
import type { Caller } from './callers.js';

/** The expectation of who may do something, as the contract says it in words; nothing here is read off the routes. */
export interface Expectation {
  /** Anyone; a session alone, or that of an administrator; a session even when its password has expired; whoever has the scope. */
  readonly who: 'anyone' | 'session' | 'admin-session' | 'expired' | 'pay and read' | Scope;
  /** What it is done to belongs to somebody: what all others are told. */
  readonly others?: ErrorCode;
  readonly whenFrozen?: ErrorCode;
  /** What those are told who got through, where the test asks for something that cannot be. */
  readonly through?: ErrorCode;
}

const anyone: Expectation = { who: 'anyone' };
const reads: Expectation = { who: 'read' };
const pays: Expectation = { who: 'pay' };
/** Whoever is told of everything may read everything. */
const toldAll: Expectation = { who: 'pay and read' };
const session: Expectation = { who: 'session' };
const looks: Expectation = { who: 'admin' };
const administers: Expectation = { who: 'admin-session' };
const owned = { others: 'NOT_FOUND' } as const;
const notWhenFrozen = { whenFrozen: 'ACCOUNT_FROZEN' } as const;

/** The expectations by operationId. */
export const expectations: Readonly<Record<string, Expectation>> = {
  register: anyone,
  checkRegistration: anyone,
  logIn: anyone,
  logOut: { who: 'expired' },
  listSessions: session,
  endSession: { ...session, ...owned },
  showMe: reads,
  listDisplayNames: reads,
  changeProfile: session,
  // With a wrong current password, so that whoever may change it keeps it.
  changePassword: { who: 'expired', through: 'WRONG_PASSWORD' },
  createToken: { ...session, ...notWhenFrozen },
  listTokens: session,
  revokeToken: { ...session, ...owned },

  showSecondFactor: session,
  // With a wrong current password.
  beginSecondFactor: { ...session, through: 'WRONG_PASSWORD' },
  // Nobody here has one.
  confirmSecondFactor: { ...session, through: 'NOT_FOUND' },
  changeSecondFactor: { ...session, through: 'NOT_FOUND' },
  switchSecondFactorOff: { ...session, through: 'NOT_FOUND' },

  sendPayment: { ...pays, ...notWhenFrozen },
  listPayments: reads,
  showPayment: { ...reads, ...owned },
  refundPayment: { ...pays, ...owned, ...notWhenFrozen },
  sendPayout: { ...pays, ...notWhenFrozen },
  showOwnLimits: reads,
  summarisePayments: reads,
  listBalances: reads,

  createRequest: { who: 'request', ...notWhenFrozen },
  listRequests: reads,
  showRequest: { ...reads, ...owned },
  acceptRequest: { ...pays, ...owned, ...notWhenFrozen },
  declineRequest: { who: 'request', ...owned },
  cancelRequest: { who: 'request', ...owned },
  remindPayer: { who: 'request', ...owned, ...notWhenFrozen },

  createCollection: { who: 'request', ...notWhenFrozen },
  listCollections: reads,
  showCollection: { ...reads, ...owned },
  remindCollection: { who: 'request', ...owned, ...notWhenFrozen },
  closeCollection: { who: 'request', ...owned },

  blockUser: pays,
  unblockUser: pays,
  listBlocks: pays,

  listNotifications: reads,
  // Up to one that nobody has.
  readNotifications: { ...reads, through: 'NOT_FOUND' },
  // In a form that it does not have, since a stream never ends.
  streamEvents: { ...reads, through: 'NOT_ACCEPTABLE' },

  createWebhook: { ...toldAll, ...notWhenFrozen },
  listWebhooks: toldAll,
  showWebhook: { ...toldAll, ...owned },
  deleteWebhook: { ...toldAll, ...owned },
  listDeliveries: { ...toldAll, ...owned },
  resendDelivery: { ...toldAll, ...owned },

  listUsers: looks,
  showUser: looks,
  changeUser: administers,
  resetPassword: administers,
  registerAdmin: administers,
  registerOther: administers,
  listInvitations: looks,
  createInvitations: administers,
  // One that is not there.
  revokeInvitation: { ...administers, through: 'NOT_FOUND' },
  listAllPayments: looks,
  showAnyPayment: looks,
  adjustBalance: administers,
  summariseUser: looks,
  listBalancesOfUser: looks,
  summariseAll: looks,
  showStatistics: looks,
  listBalancesOfAll: looks,
  listLimits: looks,
  changeCurrencyLimit: administers,
  changeUserLimit: administers,
  listAudit: looks,
  checkBooks: looks,

  convert: anyone,
  listCurrencies: anyone,
  showTime: reads,
  showServer: anyone,
  showHealth: anyone,
  showReadiness: anyone,
  showMetrics: anyone,
  getContract: anyone,
  getReferencePage: anyone,
  getReferencePageFile: anyone,
};

/** The code that a caller is told; undefined where it is done. */
export function expectedCode(expectation: Expectation, caller: Caller): ErrorCode | undefined {
  const { who, others, whenFrozen, through } = expectation;
  if (who === 'anyone') {
    return through;
  }
  if (caller.credential === 'none') {
    return 'UNAUTHENTICATED';
  }
  if (caller.isExpired && who !== 'expired') {
    return 'PASSWORD_CHANGE_REQUIRED';
  }
  if (!isAdmitted(who, caller)) {
    return 'FORBIDDEN';
  }
  if (others !== undefined && !caller.isOwner) {
    return others;
  }
  return caller.isFrozen && whenFrozen !== undefined ? whenFrozen : through;
}

function isAdmitted(who: Exclude<Expectation['who'], 'anyone'>, { credential, isAdmin }: Caller): boolean {
  if ((who === 'admin' || who === 'admin-session') && !isAdmin) {
    return false;
  }
  return credential === 'session' || credential === who;
}
