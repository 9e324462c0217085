/** How many live sessions, and how many live personal tokens, one user may have. */
export const mostCredentials = { sessions: 100, tokens: 100 } as const;
