import type { WebhookQueue } from './delivery-store.js';

/** How many attempts may be under way at once. */
export interface SlotLimits {
  readonly ofWebhook: number;
  /** The attempts to one user's endpoints, each of which may take its time: others' have room beside them. */
  readonly ofUser: number;
  readonly ofProcess: number;
  /** The attempts to one host, whosever webhooks lead there. */
  readonly ofHost: number;
  /** The attempts to all hosts that fail or are slow together, so that the others have the rest. */
  readonly ofTroubled: number;
}

export const slotLimits: SlotLimits = { ofWebhook: 2, ofUser: 4, ofProcess: 16, ofHost: 4, ofTroubled: 8 };

/** The last turns of more webhooks than these are not kept. */
const mostTurns = 10_000;

/** A webhook with the host that it leads to. */
export interface Owner extends Pick<WebhookQueue, 'id' | 'user_id'> {
  readonly host: string;
}

/** The slots of the attempts that are under way, and whose turn it is. */
export interface AttemptSlots {
  /** The ids of the deliveries under way. */
  underWay(): readonly number[];
  /** How many more attempts this webhook may make now. */
  room(webhook: Owner): number;
  take(deliveryId: number, webhook: Owner): void;
  free(deliveryId: number): void;
  /** The webhooks, those first that have waited longest since their last turn. */
  inTurn<Item extends Owner>(webhooks: readonly Item[]): readonly Item[];
}

/** The slots of a process; `isTroubled` says of a host whether it fails or is slow. */
export function makeAttemptSlots(
  isTroubled: (host: string) => boolean,
  limits: SlotLimits = slotLimits,
): AttemptSlots {
  const taken = new Map<number, Owner>();
  const lastTurns = new Map<number, number>();
  let turn = 0;
  return {
    underWay: () => [...taken.keys()],
    room(webhook) {
      const owners = [...taken.values()];
      const ofWebhook = owners.filter(({ id }) => id === webhook.id).length;
      const ofUser = owners.filter(({ user_id }) => user_id === webhook.user_id).length;
      const ofHost = owners.filter(({ host }) => host === webhook.host).length;
      const ofTroubled = isTroubled(webhook.host) ? owners.filter(({ host }) => isTroubled(host)).length : 0;
      return Math.min(
        limits.ofWebhook - ofWebhook,
        limits.ofUser - ofUser,
        limits.ofProcess - owners.length,
        limits.ofHost - ofHost,
        limits.ofTroubled - ofTroubled,
      );
    },
    take(deliveryId, webhook) {
      taken.set(deliveryId, webhook);
      turn += 1;
      lastTurns.delete(webhook.id);
      lastTurns.set(webhook.id, turn);
      if (lastTurns.size > mostTurns) {
        const [longestAgo] = lastTurns.keys();
        lastTurns.delete(longestAgo as number);
      }
    },
    free: (deliveryId) => void taken.delete(deliveryId),
    inTurn: (webhooks) =>
      webhooks.toSorted((one, other) => (lastTurns.get(one.id) ?? 0) - (lastTurns.get(other.id) ?? 0)),
  };
}
