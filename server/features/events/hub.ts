import type { Notice } from './notice.js';

export interface Listener {
  /** Called when the user may have new events. */
  readonly onEvents: () => void;
  /** Called when the credential that the listener came with has ended. */
  readonly onEnded: () => void;
  /** Called when anything may have changed, the credential included. */
  readonly onDoubt: () => void;
}

/** Passes on what commits have changed, within this process. Whoever listens looks into the database for what it is. */
export interface EventHub {
  /** Listens on behalf of a user and a credential, named by the id that the world sees; gives the way to stop. */
  listen(userId: number, credentialId: string, listener: Listener): () => void;
  /** Listens for new events of anybody; gives the way to stop. */
  listenToAll(onEvents: (userIds: readonly number[]) => void): () => void;
  /** Listens for whatever may be to do with webhooks that nobody here has done; gives the way to stop. */
  listenToWebhooks(onChange: () => void): () => void;
  /** Is told of every notice, before those who listen for what is in it. */
  onNotice(listener: (notice: Notice) => void): void;
  publish(notice: Notice): void;
}

function addTo<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): () => void {
  const set = sets.get(key) ?? new Set<Value>();
  sets.set(key, set.add(value));
  return () => {
    set.delete(value);
    if (set.size === 0) {
      sets.delete(key);
    }
  };
}

export function makeEventHub(): EventHub {
  const byUser = new Map<number, Set<Listener>>();
  const byCredential = new Map<string, Set<Listener>>();
  const first: ((notice: Notice) => void)[] = [];
  const toAll = new Set<(userIds: readonly number[]) => void>();
  const ofWebhooks = new Set<() => void>();
  return {
    listen(userId, credentialId, listener) {
      const forgetUser = addTo(byUser, userId, listener);
      const forgetCredential = addTo(byCredential, credentialId, listener);
      return () => {
        forgetUser();
        forgetCredential();
      };
    },
    listenToAll(onEvents) {
      toAll.add(onEvents);
      return () => void toAll.delete(onEvents);
    },
    listenToWebhooks(onChange) {
      ofWebhooks.add(onChange);
      return () => void ofWebhooks.delete(onChange);
    },
    onNotice(listener) {
      first.push(listener);
    },
    publish(notice) {
      for (const listener of first) {
        listener(notice);
      }
      const { endedCredentialIds, isAnything, isOfWebhooks } = notice;
      if (isAnything) {
        for (const listeners of [...byUser.values()]) {
          for (const listener of [...listeners]) {
            listener.onDoubt();
          }
        }
      }
      const userIds = isAnything ? [...byUser.keys()] : notice.userIds;
      for (const id of endedCredentialIds) {
        for (const listener of [...(byCredential.get(id) ?? [])]) {
          listener.onEnded();
        }
      }
      for (const id of userIds) {
        for (const listener of [...(byUser.get(id) ?? [])]) {
          listener.onEvents();
        }
      }
      if (userIds.length > 0) {
        for (const onEvents of [...toAll]) {
          onEvents(userIds);
        }
      }
      if (isAnything || isOfWebhooks) {
        for (const onChange of [...ofWebhooks]) {
          onChange();
        }
      }
    },
  };
}
