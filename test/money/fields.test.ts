import test from 'ava';
import { sentenceOf } from '../../server/http/read/sentences.js';
import { amountTextSchema } from '../../server/money/fields.js';

const faultOf = (amount: unknown) =>
  amountTextSchema.safeParse(amount, { error: sentenceOf }).error?.issues[0]?.message;

test('what is not the text of an amount is called a number only where it is one', (t) => {
  t.is(faultOf('12.50'), undefined);
  t.is(faultOf(12.5), 'must be a string such as "12.50", not a number');
  t.is(faultOf(undefined), 'is required');
  t.is(faultOf({ amount: '12.50' }), 'must be a string such as "12.50"');
});
