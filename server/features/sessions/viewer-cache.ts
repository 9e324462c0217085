import type { Viewer } from '../../http/contract/route.js';
import { publicId } from '../../ids.js';
import { credentialId } from './credential-id.js';

/** The viewer whose token it is, as long as nobody has said otherwise. */
export interface CachedViewer {
  readonly viewer: Viewer;
  /** When the session or personal token expires, in microseconds. */
  readonly expiresAt: number;
  /** When it was read, in microseconds. */
  readonly readAt: number;
}

export interface ViewerCache {
  get(tokenHash: string): CachedViewer | undefined;
  /** Keeps a viewer in place of the oldest one where there are too many. */
  keep(tokenHash: string, viewer: CachedViewer): void;
  /** Drops the viewers of a credential or a user with one of these ids, as the world sees them. */
  drop(ids: readonly string[]): void;
  dropAll(): void;
  readonly size: number;
}

/** A map from the hash of a token to whose it is, of at most so many. Those that were read longest ago go first. */
export function makeViewerCache(most: number): ViewerCache {
  // A map keeps its order of insertion, so its first entry is the oldest.
  const byHash = new Map<string, CachedViewer>();
  const hashesOf = new Map<string, Set<string>>();

  const idsOf = ({ viewer }: CachedViewer) => [
    publicId('usr', viewer.userId),
    credentialId(viewer.credential),
  ];

  function remove(tokenHash: string): void {
    const viewer = byHash.get(tokenHash);
    if (viewer === undefined) {
      return;
    }
    byHash.delete(tokenHash);
    for (const id of idsOf(viewer)) {
      const hashes = hashesOf.get(id);
      hashes?.delete(tokenHash);
      if (hashes?.size === 0) {
        hashesOf.delete(id);
      }
    }
  }

  function makeRoom(): void {
    for (const oldest of byHash.keys()) {
      if (byHash.size < most) {
        return;
      }
      remove(oldest);
    }
  }

  return {
    get: (tokenHash) => byHash.get(tokenHash),
    keep(tokenHash, viewer) {
      remove(tokenHash);
      makeRoom();
      byHash.set(tokenHash, viewer);
      for (const id of idsOf(viewer)) {
        const hashes = hashesOf.get(id) ?? new Set<string>();
        hashesOf.set(id, hashes.add(tokenHash));
      }
    },
    drop(ids) {
      for (const id of ids) {
        for (const tokenHash of [...(hashesOf.get(id) ?? [])]) {
          remove(tokenHash);
        }
      }
    },
    dropAll() {
      byHash.clear();
      hashesOf.clear();
    },
    get size() {
      return byHash.size;
    },
  };
}
