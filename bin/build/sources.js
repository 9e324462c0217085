import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');
/** The folders that the product is built from. */
export const productFolders = ['cli', 'server', 'thrift', 'db'];
export const sourceFolders = [...productFolders, 'test'];

/** Every file below these folders of the project, as paths relative to its root. */
export function filesBelow(folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
}
