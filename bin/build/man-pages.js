import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const nowhere = { write: () => true };

/** Writes the manual of what was built in `built` into `folder`, as MANPATH leads to it: a folder for each section. */
export async function writeManPages(built, folder) {
  const load = (file) => import(pathToFileURL(join(built, file)));
  const { manPages, programPage } = await load('cli/man/pages.js');
  const { payServerProgram } = await load('server/program/pay-server.js');
  const { payTimeCommand } = await load('thrift/command.js');
  const context = { stdout: nowhere, stderr: nowhere };
  const pages = [
    ...(await manPages()),
    programPage(await payServerProgram([], context, () => async () => {}), 'pay(1), pay-time(8)'),
    programPage(payTimeCommand(context), 'pay-server(8)'),
  ];
  rmSync(folder, { recursive: true, force: true });
  for (const { file, text } of pages) {
    const section = join(folder, `man${file.at(-1)}`);
    mkdirSync(section, { recursive: true });
    writeFileSync(join(section, file), text);
  }
}
