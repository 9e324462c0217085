import { dirname } from 'node:path/posix';

export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every folder that can be reached from this one. */
function reachedFrom(start: string, next: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const neighbour of next.get(folder) ?? []) {
      if (!reached.has(neighbour)) {
        reached.add(neighbour);
        waiting.push(neighbour);
      }
    }
  }
  return reached;
}

/** The imports from one folder into another from which the imports lead back: none where the folders are in no circle. */
export function importsInFolderCircles(imports: readonly Import[]): readonly string[] {
  const across = imports.filter(({ from, to }) => dirname(from) !== dirname(to));
  const next = new Map<string, Set<string>>();
  for (const { from, to } of across) {
    next.set(dirname(from), (next.get(dirname(from)) ?? new Set()).add(dirname(to)));
  }
  const reached = new Map([...next.keys()].map((folder) => [folder, reachedFrom(folder, next)]));
  return across
    .filter(({ from, to }) => reached.get(dirname(to))?.has(dirname(from)))
    .map(({ from, to }) => `${from} → ${to}`);
}
