import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.js';

/** The script that @bomb.sh/tab makes for a shell; it writes it to its stdout. */
function scriptFromTab(shell) {
  const call = `import { script } from '@bomb.sh/tab'; script('${shell}', 'pay', 'pay');`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', call], { cwd: root });
}

/**
 * Writes what `pay completion` prints. The script of @bomb.sh/tab for bash is not taken: it evaluates what is being typed, so
 * that Tab behind `pay history > file` empties the file; it needs a package that not every system has; and it cuts names at @.
 */
export function writeCompletionScripts(folder) {
  mkdirSync(folder, { recursive: true });
  for (const shell of ['zsh', 'fish']) {
    writeFileSync(join(folder, `pay.${shell}`), scriptFromTab(shell));
  }
  cpSync(join(root, 'cli/completion/pay.bash'), join(folder, 'pay.bash'));
}
