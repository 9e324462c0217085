/** Why other currencies and rates cannot come into force; the message is for the operator. */
export class RatesRefused extends Error {
  override readonly name = 'RatesRefused';
}
