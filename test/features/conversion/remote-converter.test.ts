import test from 'ava';
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
