/** An amount as people type it, with the currency behind it where they typed one. */
export interface TypedSum {
  readonly amount: string;
  readonly currency?: string;
}

/** "10", "10 USD" and "10usd" taken apart; whether it is an amount is judged elsewhere. */
export function typedSum(text: string): TypedSum {
  const { amount = '', code } =
    /^(?<amount>.*?)(?:\s*(?<code>[A-Za-z]{3}))?$/s.exec(text.trim())?.groups ?? {};
  return { amount, ...(code !== undefined && { currency: code.toUpperCase() }) };
}
