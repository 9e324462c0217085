import type { PaymentBody } from './pending.js';

export interface SettlePlace {
  readonly server: string;
  readonly profileName?: string;
}

// The equals sign keeps a value that begins with a dash a value.
function flag(name: string, value: string | undefined): string[] {
  if (value === undefined) {
    return [];
  }
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

/** The words of the command that sends this payment again under its key, which pays at most once however often it is run. */
export function settleCommand(body: PaymentBody, key: string, place: SettlePlace): string[] {
  const operands = [body.to, body.amount, ...(body.currency === undefined ? [] : [body.currency])];
  return [
    'pay',
    'send',
    ...flag('--memo', body.memo),
    ...flag('--max', body.maxDebit),
    ...flag('--key', key),
    ...(place.profileName === undefined
      ? flag('--server', place.server)
      : flag('--profile', place.profileName)),
    '--yes',
    ...(operands.some((operand) => operand.startsWith('-')) ? ['--'] : []),
    ...operands,
  ];
}
