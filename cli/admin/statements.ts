import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { UserJson } from '../../server/features/accounts/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { makePrivateFolder, writePrivateFile } from '../files/write-file.js';
import { userSource } from '../statements/sources.js';
import { makeStatement } from '../statements/statement.js';
import { type StatementFormat, writtenStatement } from '../statements/statement-command.js';
import { statementPeriod } from '../statements/statement-period.js';
import { makeProgressBar } from '../terminal/progress-bar.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

interface StatementsOptions {
  readonly out?: string;
  readonly format: StatementFormat;
}

const endings: Readonly<Record<StatementFormat, string>> = { html: 'html', csv: 'csv', text: 'txt' };

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Whom there is a statement for: everybody whose account is older than the end of the period. */
async function holdersBefore(context: Context, until: string): Promise<readonly UserJson[]> {
  const { items } = await fetchList(context, 'GET /v1/admin/users', {}, Number.POSITIVE_INFINITY);
  return items.filter(({ createdAt }) => Date.parse(createdAt) < Date.parse(until));
}

/** Writes everybody's statement. Of a period that is over, those that are there stay: what was paid then does not change. */
export const statements: Run<StatementsOptions> = async (context, [text], { out, format }) => {
  if (out === undefined) {
    throw new Failure('usage', 'It is not said where the statements go.', {
      next: ['Name a folder: --out FOLDER'],
    });
  }
  const period = statementPeriod(text, context.now());
  const isOver = Date.parse(period.until) <= context.now().getTime();
  const { dayOf, lastDayBefore } = await import('../terminal/period.js');
  const name = `${dayOf(period.since)}_${lastDayBefore(period.until)}`;
  const folder = resolve(out);
  await makePrivateFolder(folder);
  const holders = await holdersBefore(context, period.until);
  const bar = makeProgressBar(context.stderr, 'statements', holders.length, context.now);
  let written = 0;
  try {
    for (const holder of holders) {
      const path = join(folder, `${name}_${holder.username}.${endings[format]}`);
      if (!(isOver && (await isThere(path)))) {
        const statement = await makeStatement(await userSource(context, holder), period);
        await writePrivateFile(path, await writtenStatement(context, statement, format));
        written += 1;
      }
      bar.advance(1);
    }
  } finally {
    bar.clear();
  }
  const kept = holders.length - written;
  await show(context, {
    json: { folder, written, kept },
    people: () =>
      shown`${written} ${written === 1 ? 'statement' : 'statements'} written to ${folder}${kept === 0 ? '' : `, ${kept} were there already`}.\n`,
    machine: () => [[folder, String(written), String(kept)]],
  });
};
