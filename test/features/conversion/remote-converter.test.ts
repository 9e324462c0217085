import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import { makeRemoteConverter } from '../../../server/features/conversion/remote-converter.js';
import { currencies } from '../../../server/money/currency.js';
import { startConversionService } from '../../api/support/conversion-service.js';

test('many questions at once are no leak: the operator is warned of none', async (t) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  const service = await startConversionService({ GBP: [1n, 1n], USD: [5n, 2n] });
  const remote = makeRemoteConverter(service.url, []);
  for (let time = 0; time < 5; time += 1) {
    const table = await remote.fetchTable(currencies, 'GBP');
    t.is(table.currencies.length, currencies.length);
  }
  await remote.close();
  await service.close();
  // A warning is told in a turn of its own.
  await new Promise(setImmediate);
  process.off('warning', note);
  t.deepEqual(warnings, []);
});

const pound = { from: 'GBP', to: 'USD', fixed: 'sent', minor: 100 } as const;

test('an answer of the service is read up to 16 KiB', async (t) => {
  const service = await startConversionService({ GBP: [1n, 1n], USD: [5n, 2n] });
  const remote = makeRemoteConverter(service.url, []);
  t.teardown(async () => {
    await remote.close();
    await service.close();
  });
  const answer = { from: 'GBP', to: 'USD', amount: '1.00', rate: '2.5', converted: '2.50' };
  const answerOf = (bytes: number) =>
    service.behave((_, response) => response.end(JSON.stringify(answer).padEnd(bytes)));
  answerOf(16 * 1024);
  t.is((await remote.convert(pound))?.received.minor, 250);
  answerOf(16 * 1024 + 1);
  await t.throwsAsync(remote.convert(pound), { instanceOf: Refusal, message: /does not answer/ });
});

test('a service that leaves questions open is given up, sooner by whoever waits for a quote', async (t) => {
  const service = await startConversionService({});
  const remote = makeRemoteConverter(service.url, []);
  t.teardown(async () => {
    await remote.close();
    await service.close();
  });
  service.behave(() => {});
  const givenUp: string[] = [];
  const giveUp = async (name: string, asked: Promise<unknown>) => {
    await t.throwsAsync(asked, { instanceOf: Refusal, message: /does not answer/ });
    givenUp.push(name);
  };
  // Whoever pays waits for a quote: it has less time than the table, though that has taken all connections.
  await Promise.all([
    giveUp('table', remote.fetchTable(currencies, 'GBP')),
    giveUp('quote', remote.convert(pound)),
  ]);
  t.deepEqual(givenUp, ['quote', 'table']);
});
