/** The pattern of SQL's LIKE, with a backslash as its escape, for text that holds this. */
export const patternHolding = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
