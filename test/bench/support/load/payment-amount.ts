/**
 * The amount of the payment with this number. Two apart, so that they differ in another currency, too: a conversion between
 * currencies of like worth rounds one to what another comes to only where they are closer.
 */
export const paymentAmount = (number: number) => ((100 + 2 * number) / 100).toFixed(2);
