import { createHash } from 'node:crypto';
import type { UserJson } from '../../server/features/accounts/wire.js';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import { inverseRateText } from '../../server/money/convert.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { visible } from '../terminal/text/visible.js';
import type { AccountWriter } from './account-writer.js';
import { bookingOf, kindText } from './booking.js';

export interface Statement {
  readonly user: UserJson;
  /** The address of the server, which is the bank. */
  readonly server: string;
  /** The time that the statement covers, RFC 3339. */
  readonly since: string;
  readonly until: string;
  readonly now: Date;
}

// The most characters that OFX 2.2 allows in each element.
const most = { bank: 9, account: 22, name: 32, longName: 100, memo: 255 } as const;

/** Text of one element. What XML cannot hold at all is made visible like what a terminal would obey. */
function text(words: string, mostCharacters: number): string {
  const characters = [...visible(words).replace(/[\ufffe\uffff]/g, '�')];
  const whole =
    characters.length <= mostCharacters ? characters : [...characters.slice(0, mostCharacters - 1), '…'];
  return whole.join('').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A time as OFX writes it, to milliseconds: 20261122180000.123[0:GMT]. */
function time(rfc3339: string | Date): string {
  return `${new Date(rfc3339).toISOString().replace(/[-:TZ]/g, '')}[0:GMT]`;
}

/** The number of the bank, which tells this server from others that have a user of the same name. */
function bankId(server: string): string {
  return `PAY${createHash('sha256').update(server).digest('hex')}`.slice(0, most.bank).toUpperCase();
}

/** The username; where it is longer than an account's number may be, the part of the id that no other has. */
function accountId({ username, id }: UserJson): string {
  return username.length <= most.account ? username : id.slice(-most.account);
}

function header({ user, server, since, until, now }: Statement): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX>
<SIGNONMSGSRSV1><SONRS>
<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>
<DTSERVER>${time(now)}</DTSERVER><LANGUAGE>ENG</LANGUAGE>
</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS>
<TRNUID>0</TRNUID>
<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>
<STMTRS>
<CURDEF>${text(user.currency, 3)}</CURDEF>
<BANKACCTFROM><BANKID>${bankId(server)}</BANKID><ACCTID>${text(accountId(user), most.account)}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>
<BANKTRANLIST>
<DTSTART>${time(since)}</DTSTART>
<DTEND>${time(until)}</DTEND>
`;
}

/** The original currency, where the other side has another: that one, and how much of the account's one of it was worth. */
function originText({ direction, sent, received, rate }: PaymentJson): string {
  if (sent.currency === received.currency) {
    return '';
  }
  const [code, worth] =
    direction === 'sent' ? [received.currency, inverseRateText(rate)] : [sent.currency, rate];
  return `<ORIGCURRENCY><CURRATE>${worth}</CURRATE><CURSYM>${code}</CURSYM></ORIGCURRENCY>\n`;
}

function transactionText(payment: PaymentJson): string {
  const booking = bookingOf(payment);
  const { id, at, own, other, memo } = booking;
  const name = other ?? kindText(booking);
  const longName = name.length <= most.name ? '' : `<EXTDNAME>${text(name, most.longName)}</EXTDNAME>\n`;
  return [
    `<STMTTRN>\n<TRNTYPE>${own.amount.startsWith('-') ? 'DEBIT' : 'CREDIT'}</TRNTYPE>\n`,
    `<DTPOSTED>${time(at)}</DTPOSTED>\n<TRNAMT>${own.amount}</TRNAMT>\n<FITID>${id}</FITID>\n`,
    `<NAME>${text(name, most.name)}</NAME>\n${longName}`,
    memo === null || memo === '' ? '' : `<MEMO>${text(memo, most.memo)}</MEMO>\n`,
    `${originText(payment)}</STMTTRN>\n`,
  ].join('');
}

function footer(balance: MoneyJson, at: string): string {
  return `</BANKTRANLIST>
<LEDGERBAL><BALAMT>${text(balance.amount, 32)}</BALAMT><DTASOF>${time(at)}</DTASOF></LEDGERBAL>
</STMTRS>
</STMTTRNRS></BANKMSGSRSV1>
</OFX>
`;
}

/** A bank statement (Open Financial Exchange 2.2) as home banking programs import it. */
export function makeOfxWriter(statement: Statement): AccountWriter {
  let newest: PaymentJson | undefined;
  return {
    payment(payment) {
      newest ??= payment;
      return transactionText(payment);
    },
    head: () => header(statement),
    end() {
      const { user, until } = statement;
      return newest?.balanceAfter
        ? footer(newest.balanceAfter, newest.createdAt)
        : footer(user.balance, until);
    },
  };
}
