import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { leftInPackages } from './bundle-server.js';
import { root } from './sources.js';

/** What the programs read from packages while they run; all else is in the bundles. */
const roots = [
  ...leftInPackages.filter((name) => !name.endsWith('*')),
  ...['@zxcvbn-ts/core', '@zxcvbn-ts/language-common', '@zxcvbn-ts/language-en'],
  ...['@napi-rs/keyring', 'jq-wasm', 'swagger-ui-dist'],
];

/** Packages that only compile or fetch native code, which is there already, or that tell others of an installation. */
const notAtRunTime = new Set(['prebuild-install', 'node-gyp', 'node-addon-api', 'tar', '@scarf/scarf']);

/** Where Node finds a package that is required in a folder of node_modules, as its path below the root. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(root, path, 'package.json'))) {
      return path;
    }
    if (folder === '.') {
      return undefined;
    }
  }
}

/** The folders of all packages that running takes, below the root; a package that is optional and not installed is none. */
export function runtimePackages() {
  const found = new Set();
  const take = (name, from) => {
    const path = notAtRunTime.has(name) ? undefined : find(name, from);
    if (path === undefined || found.has(path)) {
      return;
    }
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(root, path, 'package.json'), 'utf8'),
    );
    for (const one of Object.keys({ ...dependencies, ...optionalDependencies })) {
      take(one, path);
    }
  };
  for (const name of roots) {
    take(name, '.');
  }
  return [...found].toSorted();
}

/** Whether a file is read while a program runs. Of what SQLite was built with, much says where that was. */
const isNeeded = (file) =>
  !/\.(?:map|md|[cm]?ts|o|a|d|c|h|cc|gyp|gz)$/.test(file) &&
  !/^node_modules\/sqlite3\/(?:deps|src|build\/(?!Release(?:\/[^/]+\.node)?$))/.test(file);

if (import.meta.filename === process.argv[1]) {
  // Copies those packages below the folder that is named.
  const target = process.argv[2];
  for (const path of runtimePackages()) {
    cpSync(join(root, path), join(target, path), {
      recursive: true,
      dereference: true,
      // What lies in a package's own node_modules was found by itself, or is not needed.
      filter(file) {
        const within = file.slice(join(root, path).length);
        return isNeeded(path + within) && !within.includes('/node_modules');
      },
    });
  }
}
